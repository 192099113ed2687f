package dev.thistle.isp.packet;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// A network in CIDR notation, such as `10.64.0.0/16`: the customers of an ISP, or where a box may
/// send at all.
///
/// @param prefixBits of the address as it is written: 0 to 32 or 0 to 128
public record Subnet(Address address, int prefixBits) {

    /// All four numbers of IPv4: the JDK would take `10` for `0.0.0.10`.
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /// Refuses host bits beyond the prefix being asked of a family that has fewer.
    public Subnet {
        int most = address.isV4() ? 32 : 128;
        if (prefixBits < 0 || prefixBits > most) {
            throw new IllegalArgumentException(
                    "prefix of %d bits, allowed 0..%d".formatted(prefixBits, most));
        }
    }

    /// Reads `address/bits`; without `/bits`, the one address.
    ///
    /// @throws IllegalArgumentException if it is not one, saying what is allowed
    public static Subnet parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            boolean hasBits = parts.length == 2 && parts[1].matches("[0-9]{1,3}");
            if (!LITERAL.matcher(parts[0]).matches() || (parts.length > 1 && !hasBits)) {
                throw new IllegalArgumentException();
            }
            Address address = Address.of(InetAddress.ofLiteral(parts[0]).getAddress());
            int all = address.isV4() ? 32 : 128;
            return new Subnet(address, parts.length == 1 ? all : Integer.parseInt(parts[1]));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "'%s', allowed ADDRESS/BITS such as 10.64.0.0/16".formatted(text), wrong);
        }
    }

    public boolean contains(Address other) {
        if (other.isV4() != address.isV4()) {
            return false;
        }
        int bits = address.isV4() ? prefixBits + 96 : prefixBits;
        long highMask = bits >= 64 ? -1 : bits == 0 ? 0 : -1L << (64 - bits);
        long lowMask = bits <= 64 ? 0 : -1L << (128 - bits);
        return ((address.high() ^ other.high()) & highMask) == 0
                && ((address.low() ^ other.low()) & lowMask) == 0;
    }

    @Override
    public String toString() {
        return address + "/" + prefixBits;
    }
}
