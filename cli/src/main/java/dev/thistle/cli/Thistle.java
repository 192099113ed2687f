package dev.thistle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The program's entry. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
public final class Thistle {

    /// One line on stderr said what failed and what to do.
    static final int FAILED = 1;

    private Thistle() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers look the same everywhere: scripts read them
        boolean isTerminal = isTerminal();
        System.exit(run(new Console(System.out, System.err, isTerminal), args));
    }

    @SuppressWarnings("SystemConsoleNull") // it still may be null, as its documentation says
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /// Runs one command.
    static int run(Console console, String... args) {
        var commandLine = new CommandLine(new ThistleCommands(console));
        commandLine.registerConverter(Duration.class, Durations::parse);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setParameterExceptionHandler((wrong, _) -> {
            console.error(Failure.describe(wrong));
            console.hint("try: thistle %s--help".formatted(commandName(wrong)));
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((failed, _, _) -> {
            console.error(Failure.describe(failed));
            if (!(failed instanceof IOException)) {
                console.unexpected(failed);
            }
            return FAILED;
        });
        return commandLine.execute(args);
    }

    private static String commandName(ParameterException wrong) {
        String name = wrong.getCommandLine().getCommandName();
        return name.equals("thistle") ? "" : name + " ";
    }
}
