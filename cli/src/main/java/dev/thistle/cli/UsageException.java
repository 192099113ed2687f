package dev.thistle.cli;

import java.io.IOException;

/// The command line asks for what cannot be, though every option by itself can be read. Ends with
/// the exit code of wrong usage and a hint at the command's help.
final class UsageException extends IOException {

    private static final long serialVersionUID = 1;

    /// @param message option, what was found, what is allowed
    UsageException(String message) {
        super(message);
    }
}
