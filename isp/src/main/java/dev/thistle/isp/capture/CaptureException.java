package dev.thistle.isp.capture;

import java.io.IOException;

/// A capture file is not what it should be. The message names the byte, what was found and what is
/// allowed.
public final class CaptureException extends IOException {

    private static final long serialVersionUID = 1;

    private final long offset;

    CaptureException(long offset, String detail) {
        super("at byte %d: %s".formatted(offset, detail));
        this.offset = offset;
    }

    /// Bytes from the start of the file.
    public long offset() {
        return offset;
    }
}
