package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceAnswerReader;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.Reach;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The announces and answers that one packet completed.
///
/// Answers belong to requests by their place in the connection, which is known only if its start
/// was seen; so nothing comes of a flow that was under way. An answer without its request could be
/// hidden without a mark, and its bytes would pass for addresses.
///
/// @param announces complete now, and not before the packet
/// @param answers complete now, and not before the packet
record TrackerExchanges(List<TrackerRequest> announces, List<Answered> answers) {

    private static final TrackerExchanges NONE = new TrackerExchanges(List.of(), List.of());

    /// An answer and the announce that it belongs to.
    record Answered(TrackerRequest announce, TrackerAnswer answer) {}

    static TrackerExchanges completedBy(Packet packet, Flow flow) {
        return flow.sawStart()
                ? Talk.by(packet, flow).map(TrackerExchanges::of).orElse(NONE)
                : NONE;
    }

    private static TrackerExchanges of(Talk.Grown grown) {
        List<String> targets = HttpTalk.targets(grown.after().client());
        if (targets.isEmpty()) {
            return NONE;
        }
        int targetsBefore = HttpTalk.targets(grown.before().client()).size();
        var announces = new ArrayList<TrackerRequest>();
        for (String target : targets.subList(targetsBefore, targets.size())) {
            announce(target).ifPresent(announces::add);
        }
        int answersBefore = paired(grown.before(), targetsBefore);
        List<HttpTalk.Answer> answers = HttpTalk.answers(grown.after().server());
        var answered = new ArrayList<Answered>();
        for (int k = answersBefore; k < Math.min(answers.size(), targets.size()); k++) {
            Optional<TrackerRequest> announce = announce(targets.get(k));
            Optional<TrackerAnswer> answer = TrackerAnswer.read(answers.get(k).body());
            if (announce.isPresent() && answer.isPresent()) {
                answered.add(new Answered(announce.get(), answer.get()));
            }
        }
        return new TrackerExchanges(announces, answered);
    }

    private static int paired(Talk before, int targets) {
        return Math.min(HttpTalk.answers(before.server()).size(), targets);
    }

    private static Optional<TrackerRequest> announce(String target) {
        return TrackerRequest.read(target)
                .filter(request -> request.kind() == TrackerRequest.Kind.ANNOUNCE);
    }

    /// Where the client of an announce accepts peers: the address it announces from, since what it
    /// says of itself may be a lie, and the port it names, shown with the info-hash if hidden.
    ///
    /// @return nothing if a tracker would refuse the announce, or if the client leaves
    static Optional<Endpoint> announcer(TrackerRequest request, InfoHash infoHash, Flow flow) {
        try {
            var announce = ReceivedAnnounce.parse(request.query());
            int port = announce.event() == AnnounceEvent.STOPPED ? 0 : announce.port(infoHash);
            return port == 0
                    ? Optional.empty()
                    : Optional.of(new Endpoint(flow.client().address(), port));
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    /// The peers in an answer, read as an answer to an announce of that form.
    static List<Endpoint> peers(TrackerAnswer answer, InfoHash infoHash, AnnounceForm form) {
        try {
            return AnnounceAnswerReader.read(
                                    answer.body().duplicate(), question(infoHash), form, Reach.LAB)
                            instanceof AnnounceAnswer.Accepted accepted
                    ? accepted.peers().stream()
                            .map(peer -> new Endpoint(Address.of(peer.ip()), peer.port()))
                            .toList()
                    : List.of();
        } catch (MalformedException _) {
            return List.of();
        }
    }

    /// As much of the client's question as its answer's reader needs.
    private static AnnounceRequest question(InfoHash infoHash) {
        return new AnnounceRequest(
                infoHash,
                PeerId.of(new byte[PeerId.BYTES]),
                0,
                0,
                0,
                0,
                AnnounceEvent.NONE,
                -1,
                0,
                CryptoLevel.NONE,
                null);
    }
}
