package dev.thistle.isp.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// What stands before the IP header in a frame. The numbers are those of tcpdump.org/linktypes.
enum LinkType {
    /// BSD loopback: the address family, in the byte order of the host that captured.
    NULL(0) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return frame.remaining() < 4 || !isFamily(frame) ? NO_IP : 4;
        }
    },
    ETHERNET(1) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return ethernet(frame, 12);
        }
    },
    /// IPv4 or IPv6, nothing before it.
    RAW(101) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return 0;
        }
    },
    /// OpenBSD loopback: the address family, big-endian.
    LOOP(108) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return NULL.ipOffset(frame);
        }
    },
    /// Linux, all interfaces at once: 16 bytes.
    LINUX_COOKED(113) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return ethernet(frame, 14);
        }
    },
    IPV4(228) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return 0;
        }
    },
    IPV6(229) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return 0;
        }
    },
    /// Linux, all interfaces at once, second edition: 20 bytes with the type in front.
    LINUX_COOKED_2(276) {
        @Override
        int ipOffset(ByteBuffer frame) {
            return frame.remaining() >= 20 && isIp(type(frame, 0)) ? 20 : NO_IP;
        }
    };

    /// For a frame that holds no IP.
    static final int NO_IP = -1;

    private static final int IPV4_TYPE = 0x0800;
    private static final int IPV6_TYPE = 0x86DD;

    /// Customer and service tags, one inside the other at most this often.
    private static final int MAX_TAGS = 3;

    private final int number;

    LinkType(int number) {
        this.number = number;
    }

    /// Where the IP header begins, or [#NO_IP].
    ///
    /// @param frame from 0 to its limit, big-endian
    abstract int ipOffset(ByteBuffer frame);

    int number() {
        return number;
    }

    /// Older files have 12 or 14 for raw IP.
    static Optional<LinkType> of(int number) {
        int known = number == 12 || number == 14 ? RAW.number : number;
        for (LinkType type : values()) {
            if (type.number == known) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// What a file may have, for error messages.
    static String allowed() {
        return "Ethernet, Linux cooked, raw IP and loopback";
    }

    private static int ethernet(ByteBuffer frame, int typeOffset) {
        int at = typeOffset;
        for (int tags = 0; tags <= MAX_TAGS && frame.remaining() >= at + 2; tags++) {
            int type = type(frame, at);
            if (isIp(type)) {
                return at + 2;
            }
            if (type != 0x8100 && type != 0x88A8 && type != 0x9100) {
                return NO_IP;
            }
            at += 4;
        }
        return NO_IP;
    }

    private static int type(ByteBuffer frame, int at) {
        return Short.toUnsignedInt(frame.getShort(at));
    }

    private static boolean isIp(int type) {
        return type == IPV4_TYPE || type == IPV6_TYPE;
    }

    /// 2 is IPv4 everywhere; IPv6 is 10, 24, 28 or 30, by system.
    private static boolean isFamily(ByteBuffer frame) {
        int big = frame.order(ByteOrder.BIG_ENDIAN).getInt(0);
        int family = (big & 0xFFFF) == 0 ? Integer.reverseBytes(big) : big;
        return switch (family) {
            case 2, 10, 24, 28, 30 -> true;
            default -> false;
        };
    }
}
