package dev.thistle.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine.ParameterException;

/// One line for what went wrong: the JDK's messages often name only the file.
final class Failure {

    private Failure() {}

    static String describe(Throwable failed) {
        String message = failed.getMessage();
        String text = message == null ? failed.getClass().getSimpleName() : message;
        String said =
                switch (failed) {
                    case NoSuchFileException _ -> text + ": no such file or folder";
                    case AccessDeniedException _ -> text + ": access denied";
                    case FileAlreadyExistsException _ -> text + ": exists already";
                    case NotDirectoryException _ -> text + ": not a folder";
                    case UnknownHostException _ -> text + ": unknown host";
                    case BindException _ ->
                            text + ": is the port in use? Choose another one with --port or --http";
                    case ConnectException _ -> "cannot connect: " + text;
                    case IOException _, ParameterException _ -> text;
                    default -> "unexpected %s: %s".formatted(failed.getClass().getName(), text);
                };
        return said.lines().findFirst().orElse(text);
    }
}
