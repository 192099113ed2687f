package dev.thistle.isp.box;

import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Subnet;
import java.nio.ByteBuffer;
import java.util.List;

/// Writes TCP resets in the name of somebody else, between addresses of the lab and nowhere else:
/// no other address gets into a frame, whatever the caller asks for.
///
/// ```
///  0  Ethernet header, 14 bytes, as frames of this direction have it
/// 14  IPv4 header, 20 bytes, no options, identification 0, do not fragment
/// 34  TCP header, 20 bytes, no options, window 0
/// ```
///
/// No options, a window of 0 and the TTL of the one it claims to come from are what observers of
/// forged resets describe.
public final class ResetForge {

    /// Customers, and everybody else.
    public static final List<Subnet> LAB =
            List.of(Subnet.parse("10.64.0.0/16"), Subnet.parse("10.128.0.0/16"));

    /// Every reset is this long.
    public static final int FRAME_BYTES = 54;

    private static final int IP = 14;
    private static final int TCP = 34;
    private static final int IP_TCP = 6;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;

    private final List<Subnet> allowed;

    /// @param allowed both addresses of every reset are in one of these
    public ResetForge(List<Subnet> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /// Which kind of reset.
    public enum Kind {
        /// The acknowledgement field is 0 and means nothing: the boxes of 2007.
        PLAIN,
        /// It acknowledges too, which a caller without a connection yet insists on (RFC 9293,
        /// section 3.10.7.3): seen since 2023.
        ACKNOWLEDGING
    }

    /// A reset to be written.
    ///
    /// @param from whose name it bears
    /// @param towards who is to believe it
    /// @param sequence what `towards` expects next
    /// @param acknowledged what `from` would expect next; not written if it is plain
    /// @param ttl 1 to 255
    public record Reset(
            Endpoint from, Endpoint towards, int sequence, int acknowledged, Kind kind, int ttl) {}

    /// Whether a packet between these two may be forged at all.
    public boolean permits(Address one, Address other) {
        return isOfLab(one) && isOfLab(other);
    }

    private boolean isOfLab(Address address) {
        return allowed.stream().anyMatch(subnet -> subnet.contains(address));
    }

    /// Writes the frame at the position of `out`, which is not moved.
    ///
    /// @param link 14 bytes of Ethernet header, read from its position, which is not moved
    /// @throws IllegalArgumentException if an address is not of the lab; nothing is written then
    public void write(Reset reset, ByteBuffer link, ByteBuffer out) {
        if (!permits(reset.from.address(), reset.towards.address())) {
            throw new IllegalArgumentException(
                    "reset from %s to %s, allowed within %s"
                            .formatted(reset.from, reset.towards, allowed));
        }
        boolean acknowledges = reset.kind == Kind.ACKNOWLEDGING;
        ByteBuffer frame = out.slice(out.position(), FRAME_BYTES);
        frame.put(link.slice(link.position(), IP));
        frame.putShort((short) 0x4500).putShort((short) (FRAME_BYTES - IP));
        frame.putShort((short) 0).putShort((short) 0x4000);
        frame.put((byte) reset.ttl).put((byte) IP_TCP).putShort((short) 0);
        frame.putInt(reset.from.address().v4Bits()).putInt(reset.towards.address().v4Bits());
        frame.putShort((short) reset.from.port()).putShort((short) reset.towards.port());
        frame.putInt(reset.sequence).putInt(acknowledges ? reset.acknowledged : 0);
        frame.put((byte) 0x50).put((byte) (acknowledges ? RST | ACK : RST));
        frame.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        frame.putShort(IP + 10, checksum(sum(frame, IP, TCP)));
        int pseudoHeader = sum(frame, IP + 12, TCP) + IP_TCP + (FRAME_BYTES - TCP);
        frame.putShort(TCP + 16, checksum(pseudoHeader + sum(frame, TCP, FRAME_BYTES)));
    }

    private static int sum(ByteBuffer frame, int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at += 2) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        return sum;
    }

    /// RFC 1071: the complement of the sum in ones' complement.
    private static short checksum(int sum) {
        int folded = (sum & 0xFFFF) + (sum >>> 16);
        return (short) ~((folded & 0xFFFF) + (folded >>> 16));
    }
}
