package dev.thistle.isp.box;

import dev.thistle.isp.packet.Packet;

/// Which byte one end of a TCP connection expects next: RCV.NXT of RFC 9293, followed from the
/// segments that have left the box towards it, in order or not, and from what it acknowledged.
///
/// A current kernel takes a reset only at exactly this number (RFC 5961, section 3.2), so what the
/// sender has sent is not good enough: a segment may be waiting, or lost, on the way.
final class ReceiverPlace {

    /// Segments beyond a gap come in few runs; what does not fit is made good by acknowledgements.
    private static final int MAX_RUNS = 64;

    private boolean isKnown;
    private int expected;
    private final int[] runStarts = new int[MAX_RUNS];
    private final int[] runEnds = new int[MAX_RUNS];
    private int runs;

    boolean isKnown() {
        return isKnown;
    }

    /// Only if it is known.
    int expected() {
        return expected;
    }

    /// A segment goes to this end now.
    void delivered(Packet packet) {
        int start = packet.sequence();
        int end = start + packet.payloadBytes();
        end += packet.has(Packet.SYN) ? 1 : 0;
        end += packet.has(Packet.FIN) ? 1 : 0;
        if (!isKnown) {
            isKnown = true;
            expected = end;
        } else if (end - expected > 0) {
            if (start - expected > 0) {
                keep(start, end);
            } else {
                advance(end);
            }
        }
    }

    /// This end has said itself what it expects.
    void acknowledged(int sequence) {
        if (!isKnown) {
            isKnown = true;
            expected = sequence;
        } else if (sequence - expected > 0) {
            advance(sequence);
        }
    }

    private void keep(int start, int end) {
        for (int i = 0; i < runs; i++) {
            if (start - runEnds[i] <= 0 && end - runStarts[i] >= 0) {
                runStarts[i] = start - runStarts[i] < 0 ? start : runStarts[i];
                runEnds[i] = end - runEnds[i] > 0 ? end : runEnds[i];
                return;
            }
        }
        if (runs < MAX_RUNS) {
            runStarts[runs] = start;
            runEnds[runs] = end;
            runs++;
        }
    }

    private void advance(int to) {
        expected = to;
        int i = 0;
        while (i < runs) {
            if (runStarts[i] - expected > 0) {
                i++;
                continue;
            }
            boolean isFurther = runEnds[i] - expected > 0;
            expected = isFurther ? runEnds[i] : expected;
            runs--;
            runStarts[i] = runStarts[runs];
            runEnds[i] = runEnds[runs];
            i = isFurther ? 0 : i; // a longer reach may touch one that was passed over
        }
    }
}
