package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.wire.Conversation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Proves from recorded peer connections how they were protected, whatever the programs say.
///
/// |                         | first bytes both ways    | the header later | payload readable |
/// | ----------------------- | ------------------------ | ---------------- | ---------------- |
/// | plaintext               | the BitTorrent header    |                  | yes              |
/// | MSE, plaintext payload  | anything but the header  |                  | yes              |
/// | MSE, RC4 payload        | anything but the header  | nowhere          | no               |
///
/// A connection that carried no payload may have tried something else only where plaintext is asked
/// for, as aria2 cannot be kept from trying MSE first; and where MSE with plaintext payload is
/// asked for, the other side may have called in the clear, as Transmission does, if it got no
/// answer.
final class WireProof {

    /// How every unprotected peer connection starts, in both directions (BEP 3).
    static final byte[] HEADER = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    /// More than any handshake and its pads; a connection beyond it moved pieces.
    private static final int TRANSFER_BYTES = 1 << 20;

    private WireProof() {}

    /// @param ours the address of the client under test, which never begins otherwise than asked
    static void check(
            Protection protection, String ours, List<Conversation> conversations, Payload payload) {
        List<Conversation> spoken =
                conversations.stream().filter(c -> c.sent().length() > 0).toList();
        List<Conversation> readable =
                spoken.stream()
                        .filter(c ->
                                payload.isVisibleIn(c.sent()) || payload.isVisibleIn(c.answered()))
                        .toList();
        List<Conversation> transfers =
                spoken.stream()
                        .filter(c -> c.sent().length() + c.answered().length() > TRANSFER_BYTES)
                        .toList();
        assertThat(transfers).as("connections that moved pieces").isNotEmpty();
        switch (protection) {
            case PLAINTEXT -> {
                assertThat(readable).as("connections with readable payload").isNotEmpty();
                assertThat(transfers).as("started in the clear").allMatch(WireProof::isClear);
                assertThat(readable).as("started in the clear").allMatch(WireProof::isClear);
            }
            case MSE_PLAINTEXT -> {
                assertThat(spoken)
                        .as("started by MSE, or turned away by us")
                        .allMatch(c -> isHidden(c) || isTurnedAway(c, ours));
                assertThat(readable).as("connections with readable payload").isNotEmpty();
                assertThat(readable).as("all that moved pieces").containsAll(transfers);
            }
            case MSE_RC4 -> {
                assertThat(spoken).as("started by MSE").allMatch(WireProof::isHidden);
                assertThat(readable).as("connections with readable payload").isEmpty();
                assertThat(spoken)
                        .as("without the BitTorrent header anywhere")
                        .noneMatch(c -> c.sent().contains(HEADER) || c.answered().contains(HEADER));
            }
        }
    }

    private static boolean isClear(Conversation c) {
        return c.sent().startsWith(HEADER) && c.answered().startsWith(HEADER);
    }

    private static boolean isTurnedAway(Conversation c, String ours) {
        return c.called().getHostString().equals(ours) && c.answered().length() == 0;
    }

    private static boolean isHidden(Conversation c) {
        return !c.sent().startsWith(HEADER) && !c.answered().startsWith(HEADER);
    }
}
