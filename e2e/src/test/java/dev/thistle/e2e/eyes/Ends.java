package dev.thistle.e2e.eyes;

import dev.thistle.e2e.wire.Conversation;
import java.net.InetSocketAddress;

/// The two ends of a connection as `ADDRESS:PORT`, whoever called: observers differ on that.
///
/// @param low the lesser as a text
/// @param high the greater
public record Ends(String low, String high) {

    public static Ends of(String one, String other) {
        return one.compareTo(other) <= 0 ? new Ends(one, other) : new Ends(other, one);
    }

    public static Ends of(Conversation conversation) {
        return of(text(conversation.caller()), text(conversation.called()));
    }

    /// `ADDRESS:PORT`.
    public static String text(InetSocketAddress end) {
        return end.getAddress().getHostAddress() + ":" + end.getPort();
    }
}
