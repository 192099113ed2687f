package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.flow.Half;
import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// D-E1: traffic that looks encrypted from its first byte. The first payload of a TCP client is
/// suspicious unless something excuses it: unusually many or few bits set, printable text, or the
/// look of TLS or HTTP. Needs the start of the flow.
///
/// The plain handshake of BitTorrent is excused, being mostly printable; MSE hardly ever is.
/// Source: isp.md 4.2 (Wu et al., USENIX Security 2023, and what nDPI and OpenGFW made of it).
public final class FullyEncrypted implements Detector {

    public static final String ID = "D-E1";

    /// Where the published rules differ.
    public enum Dialect {
        /// As observed at the Great Firewall, without its choice of addresses and its one in four.
        PAPER("paper", 21, Integer.MAX_VALUE),
        /// nDPI: a printable run of 20 excuses, the look of TLS does not; what another dissector
        /// has recognised is left alone.
        NDPI("ndpi", 20, Integer.MAX_VALUE),
        /// OpenGFW: as the paper, within the first 8192 bytes.
        OPENGFW("opengfw", 21, 8192);

        private final String label;
        private final int excusingRun;
        private final int limitBytes;

        Dialect(String label, int excusingRun, int limitBytes) {
            this.label = label;
            this.excusingRun = excusingRun;
            this.limitBytes = limitBytes;
        }

        /// Such as `D-E1:paper`.
        public String id() {
            return ID + ":" + label;
        }
    }

    private static final double FEW_BITS = 3.4;
    private static final double MANY_BITS = 4.6;
    private static final int EXCUSING_START = 6;

    private static final List<byte[]> METHODS =
            List.of("GET ", "PUT ", "POST ", "HEAD ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ")
                    .stream()
                    .map(method -> method.getBytes(StandardCharsets.US_ASCII))
                    .toList();

    private final Dialect dialect;

    public FullyEncrypted(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public String id() {
        return dialect.id();
    }

    @Override
    public List<Verdict> observe(Packet packet, Flow flow) {
        Half client = flow.fromClient();
        boolean isFirst =
                packet.isTcp()
                        && flow.sawStart()
                        && flow.isFromClient(packet)
                        && client.prefixBytesBefore() == 0
                        && client.prefixBytes() > 0;
        if (!isFirst) {
            return List.of();
        }
        ByteBuffer payload = packet.payload();
        payload.limit(Math.min(payload.limit(), dialect.limitBytes));
        var look = ByteLook.of(payload);
        return isExcused(look) || looksFamiliar(payload)
                ? List.of()
                : List.of(OncePerFlow.about(flow, id(), packet, look.describe()));
    }

    private boolean isExcused(ByteLook look) {
        return look.bitsPerByte() <= FEW_BITS
                || look.bitsPerByte() >= MANY_BITS
                || look.printableStart() >= EXCUSING_START
                || look.printable() * 2 > look.length()
                || look.longestRun() >= dialect.excusingRun;
    }

    private boolean looksFamiliar(ByteBuffer payload) {
        boolean isHttp = METHODS.stream().anyMatch(method -> startsWith(payload, method));
        return isHttp
                || switch (dialect) {
                    case PAPER, OPENGFW -> isTlsHeader(payload);
                    case NDPI -> isClientHello(payload);
                };
    }

    private static boolean isTlsHeader(ByteBuffer payload) {
        return payload.limit() >= 3
                && (payload.get(0) == 0x16 || payload.get(0) == 0x17)
                && payload.get(1) == 3
                && payload.get(2) >= 0
                && payload.get(2) <= 9;
    }

    /// What nDPI's dissector of TLS wants to see: a handshake record with a ClientHello.
    private static boolean isClientHello(ByteBuffer payload) {
        return isTlsHeader(payload)
                && payload.limit() >= 6
                && payload.get(0) == 0x16
                && payload.get(5) == 1;
    }

    private static boolean startsWith(ByteBuffer payload, byte[] start) {
        return payload.limit() >= start.length
                && payload.slice(0, start.length).equals(ByteBuffer.wrap(start));
    }
}
