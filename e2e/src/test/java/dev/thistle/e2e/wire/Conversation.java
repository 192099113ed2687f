package dev.thistle.e2e.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Both directions of one TCP connection, as far as they were recorded: at most the first 8 MiB of
/// each.
///
/// @param caller who connected
/// @param sent what the caller said
/// @param answered what the other side said
public record Conversation(
        InetSocketAddress caller, InetSocketAddress called, Said sent, Said answered) {

    /// Whether either side has this port at its end.
    public boolean isWithPort(int port) {
        return caller.getPort() == port || called.getPort() == port;
    }

    /// Bytes said in one direction.
    public static final class Said {

        private static final VarHandle LONGS =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

        private final byte[] bytes;

        Said(byte[] bytes) {
            this.bytes = bytes;
        }

        /// For tests that make their own.
        public static Said of(byte[] bytes) {
            return new Said(bytes.clone());
        }

        public int length() {
            return bytes.length;
        }

        /// One char a byte, so that text and bytes are searched alike.
        public String text() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        public boolean startsWith(byte[] start) {
            return text().startsWith(new String(start, StandardCharsets.ISO_8859_1));
        }

        public boolean contains(byte[] part) {
            return text().contains(new String(part, StandardCharsets.ISO_8859_1));
        }

        /// Big-endian, eight bytes from `offset`.
        public long longAt(int offset) {
            return (long) LONGS.get(bytes, offset);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
