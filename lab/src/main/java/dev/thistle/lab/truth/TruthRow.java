package dev.thistle.lab.truth;

import dev.thistle.isp.flow.FlowKey;
import java.util.Optional;

/// One line of `truth.ndjson`: a flow and what the lab knows of it, in words.
///
/// @param flow transport and both endpoints, the lower first
/// @param application such as `bittorrent`; `unknown` if neither end listens
/// @param customer name of the customer in it, the lower one if there are two; `-` if none
/// @param role of that customer, such as `seeder`; `-` if none
/// @param lowEnd how it ended at the lower endpoint, such as `reset`; `unwatched` if nobody looked
/// @param highEnd the same at the other
/// @param fate such as `killed`; `unwatched` if nobody looked
public record TruthRow(
        String flow,
        String application,
        String customer,
        String role,
        String lowEnd,
        String highEnd,
        String fate) {

    private static final String UNWATCHED = "unwatched";
    private static final String NOBODY = "-";

    /// A connection of the swarm, which its ends watched.
    public static TruthRow of(Truth truth, Connection connection) {
        return row(
                truth,
                connection.flow(),
                connection.low(),
                connection.high(),
                connection.fate().toString());
    }

    /// A flow whose ends nobody watched, such as the background's.
    public static TruthRow of(Truth truth, FlowKey flow) {
        return row(truth, flow, Optional.empty(), Optional.empty(), UNWATCHED);
    }

    private static TruthRow row(
            Truth truth,
            FlowKey flow,
            Optional<LinkLife> low,
            Optional<LinkLife> high,
            String fate) {
        var customer = truth.customer(flow);
        return new TruthRow(
                flow.toString(),
                truth.application(flow).map(Application::toString).orElse("unknown"),
                customer.map(Truth.Resident::name).orElse(NOBODY),
                customer.map(resident -> resident.role().toString()).orElse(NOBODY),
                low.map(life -> life.ending().toString()).orElse(UNWATCHED),
                high.map(life -> life.ending().toString()).orElse(UNWATCHED),
                fate);
    }
}
