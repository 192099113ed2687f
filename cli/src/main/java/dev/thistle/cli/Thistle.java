package dev.thistle.cli;

import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.isp.packet.Subnet;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The program's entry. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
public final class Thistle {

    static final String VERSION = "0.1.0";

    /// One line on stderr said what failed and what to do.
    static final int FAILED = 1;

    /// Ctrl-C, as shells count it: 128 and the signal's number.
    static final int INTERRUPTED = 130;

    private Thistle() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers look the same everywhere: scripts read them
        var console = new Console(System.out, System.err, columns());
        System.exit(run(console, Patience.DEFAULT, args));
    }

    /// The script that starts the program has looked; whoever starts the JVM without it gets no
    /// bar.
    private static int columns() {
        String columns = System.getenv("THISTLE_COLUMNS");
        return columns != null && columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
    }

    /// Runs one command.
    static int run(Console console, Patience patience, String... args) {
        var commandLine = new CommandLine(new ThistleCommands(console, patience));
        addCommands(commandLine, console, args.length == 0 ? "" : args[0]);
        commandLine.registerConverter(Subnet.class, Thistle::subnet);
        commandLine.registerConverter(Duration.class, Durations::parse);
        commandLine.registerConverter(Rate.class, Rate::parse);
        commandLine.registerConverter(HostPort.class, HostPort::parse);
        commandLine.registerConverter(Level.class, choice(Level.class));
        commandLine.registerConverter(Cipher.class, choice(Cipher.class));
        commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        commandLine.setParameterExceptionHandler(
                (wrong, _) -> wrongUsage(console, wrong, wrong.getCommandLine()));
        commandLine.setExecutionExceptionHandler((failed, command, _) ->
                failed instanceof UsageException
                        ? wrongUsage(console, failed, command)
                        : failed(console, failed));
        if (args.length == 0) {
            commandLine.usage(commandLine.getErr());
            return CommandLine.ExitCode.USAGE;
        }
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError tooMuch) {
            return failed(console, tooMuch);
        }
    }

    /// To describe all commands takes a third of a short run's time: where one is named, it is the
    /// only one.
    private static void addCommands(CommandLine commandLine, Console console, String named) {
        List<Method> commands = CommandLine.getCommandMethods(ThistleCommands.class, null);
        boolean isKnown = commands.stream().anyMatch(command -> command.getName().equals(named));
        for (Method command : commands) {
            if (!isKnown || command.getName().equals(named)) {
                commandLine.addSubcommand(new CommandLine(command));
            }
        }
        if (!isKnown) {
            commandLine.addSubcommand(new LabCommands(console));
            commandLine.addSubcommand(new IspCommands(console));
        }
    }

    private static int wrongUsage(Console console, Exception wrong, CommandLine command) {
        console.error(Failure.describe(wrong));
        console.hint("try: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Console console, Throwable failed) {
        if (failed instanceof InterruptedException || Thread.interrupted()) {
            return INTERRUPTED; // the interruption said what is true now
        }
        console.error(Failure.describe(failed));
        if (!Failure.isExpected(failed)) {
            console.unexpected(failed);
        }
        return FAILED;
    }

    private static Subnet subnet(String text) {
        try {
            return Subnet.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(String.valueOf(wrong.getMessage()));
        }
    }

    /// The constants of an enum in lower case, as they stand in help and documents.
    private static <E extends Enum<E>> ITypeConverter<E> choice(Class<E> type) {
        return text -> {
            for (E each : type.getEnumConstants()) {
                if (each.name().equalsIgnoreCase(text)) {
                    return each;
                }
            }
            var allowed = new StringBuilder();
            for (E each : type.getEnumConstants()) {
                allowed.append(' ').append(each.name().toLowerCase(Locale.ROOT));
            }
            throw new TypeConversionException("'%s', allowed%s".formatted(text, allowed));
        };
    }
}
