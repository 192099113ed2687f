package dev.thistle.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
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
                    case DirectoryNotEmptyException _ -> text + ": a folder that is not empty";
                    case FileSystemLoopException _ -> text + ": a folder that leads into itself";
                    case FileSystemException _ -> text;
                    case InvalidPathException invalid -> describe(invalid);
                    case UnknownHostException _ -> describeUnknownHost(text);
                    case BindException _ -> describeBind(text);
                    case ConnectException refused
                            when cause(refused, UnresolvedAddressException.class) != null ->
                            "unknown host";
                    case ConnectException _ ->
                            message == null ? "cannot connect" : "cannot connect: " + text;
                    case IOException wrapped when cause(wrapped, BindException.class) != null ->
                            describeBind(text, cause(wrapped, BindException.class));
                    case IOException _, ParameterException _ -> text;
                    case OutOfMemoryError _ ->
                            "out of memory (%s); JAVA_TOOL_OPTIONS=-Xmx2g gives it 2 GiB"
                                    .formatted(text);
                    default -> "unexpected %s: %s".formatted(failed.getClass().getName(), text);
                };
        return said.lines().findFirst().orElse(text);
    }

    /// Whether it is the world's fault, or the user's, and not ours.
    static boolean isExpected(Throwable failed) {
        return failed instanceof IOException
                || failed instanceof InvalidPathException
                || failed instanceof OutOfMemoryError;
    }

    /// The JDK's own message begins with the host and goes on in many ways.
    private static String describeUnknownHost(String text) {
        int end = text.indexOf(": ");
        return (end < 0 ? text : text.substring(0, end)) + ": unknown host";
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failed, Class<T> type) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /// A server that wraps the failure keeps the reason to itself.
    private static String describeBind(String text, @Nullable Throwable reason) {
        return describeBind(reason == null ? text : text + ": " + reason.getMessage());
    }

    private static String describeBind(String text) {
        return text.contains("in use")
                ? text + "; choose another port, 0 for any free one"
                : text + "; choose an address of this machine and a port that you may use";
    }

    private static String describe(InvalidPathException invalid) {
        String advice = invalid.getReason().contains("unmappable") ? "; LC_ALL=C.UTF-8 helps" : "";
        return "%s: cannot be a file name here (%s)%s"
                .formatted(invalid.getInput(), invalid.getReason(), advice);
    }
}
