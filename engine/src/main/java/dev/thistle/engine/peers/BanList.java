package dev.thistle.engine.peers;

import dev.thistle.engine.snapshot.Ban;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The addresses that a session does not talk to. The oldest ban is forgotten when there are more
/// than [#MAX_BANS]. Thread-safe; one a session.
public final class BanList {

    /// A swarm has some thousands of addresses; more bans than that are no memory but a leak.
    public static final int MAX_BANS = 10_000;

    private final InstantSource clock;
    private final Map<InetAddress, Ban> bans = new LinkedHashMap<>();

    public BanList(InstantSource clock) {
        this.clock = clock;
    }

    /// Bans, or bans anew.
    ///
    /// @param length empty for as long as the session lives
    public synchronized void ban(InetAddress address, String reason, Optional<Duration> length) {
        Instant now = clock.instant();
        bans.remove(address); // the newest stands last
        bans.put(address, new Ban(address, reason, now, length.map(now::plus)));
        if (bans.size() > MAX_BANS) {
            Iterator<InetAddress> oldest = bans.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// Takes a ban back.
    ///
    /// @return whether there was one
    public synchronized boolean unban(InetAddress address) {
        boolean banned = isBanned(address);
        bans.remove(address);
        return banned;
    }

    public synchronized boolean isBanned(InetAddress address) {
        Ban ban = bans.get(address);
        if (ban != null && isOver(ban)) {
            bans.remove(address);
            ban = null;
        }
        return ban != null;
    }

    /// Those that stand, the oldest first.
    public synchronized List<Ban> all() {
        bans.values().removeIf(this::isOver);
        return List.copyOf(bans.values());
    }

    private boolean isOver(Ban ban) {
        return ban.until().isPresent() && !clock.instant().isBefore(ban.until().get());
    }
}
