package dev.thistle.e2e;

import dev.thistle.e2e.eyes.Ends;
import dev.thistle.e2e.wire.Conversation;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a [ForeignSwarm] said, recorded and sorted by what each connection really was: by who had
/// which port, and by the first bytes.
///
/// @param infoHash in lower-case hex
/// @param seeder its listening end, `ADDRESS:PORT`
/// @param leechers theirs
record SwarmTraffic(
        Path file,
        List<Conversation> conversations,
        String infoHash,
        String seeder,
        List<String> leechers) {

    /// What a connection was.
    enum Kind {
        /// Between peers, begun with the BitTorrent header.
        PLAIN,
        /// Between peers, begun with something else.
        HIDDEN,
        /// Between peers, over before the caller said a word.
        SILENT,
        /// With the tracker.
        ANNOUNCE,
        /// Not the swarm's.
        OTHER
    }

    List<Conversation> of(Kind kind) {
        return conversations.stream().filter(each -> kind(each) == kind).toList();
    }

    /// The listening ends of all peers.
    List<String> peers() {
        return Stream.concat(Stream.of(seeder), leechers.stream()).toList();
    }

    Kind kind(Conversation conversation) {
        if (conversation.isWithPort(ForeignSwarm.TRACKER_PORT)) {
            return Kind.ANNOUNCE;
        }
        if (!peers().contains(Ends.text(conversation.called()))) {
            return Kind.OTHER;
        }
        if (conversation.sent().length() == 0) {
            return Kind.SILENT;
        }
        return conversation.sent().startsWith(WireProof.HEADER) ? Kind.PLAIN : Kind.HIDDEN;
    }
}
