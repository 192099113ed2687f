package dev.thistle.tracker.swarms;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.ReceivedAnnounce;
import dev.thistle.protocol.tracker.ShaIh;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.tracker.policy.AddressBook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// All swarms of a tracker, and the index by which BEP 8 names them. Thread-safe: see the package.
public final class Swarms {

    /// A power of two, so that a byte of the info-hash chooses; far more than there are cores.
    private static final int SHARDS = 64;

    /// How long the download count of a torrent without peers is remembered.
    private static final int EMPTY_LIFE_SECONDS = 24 * 60 * 60;

    private static final class Shard {
        final ReentrantLock lock = new ReentrantLock();
        final Map<InfoHash, Swarm> swarms = new HashMap<>();
        final SplittableRandom random;

        Shard(SplittableRandom random) {
            this.random = random;
        }
    }

    private final SwarmRules rules;
    private final AddressBook addresses;
    private final long salt;
    private final Shard[] shards = new Shard[SHARDS];
    private final Map<ShaIh, InfoHash> names = new ConcurrentHashMap<>();
    private final AtomicInteger torrents = new AtomicInteger();
    private final AtomicLong peers = new AtomicLong();
    private final Swarm.Census census = new Heads();
    private volatile Set<InfoHash> listed = Set.of();

    /// @param seed unpredictable: table positions and ivs follow from it
    public Swarms(SwarmRules rules, AddressBook addresses, long seed) {
        this.rules = rules;
        this.addresses = addresses;
        var random = new SplittableRandom(seed);
        this.salt = random.nextLong();
        for (int k = 0; k < SHARDS; k++) {
            shards[k] = new Shard(random.split());
        }
    }

    /// Enters, refreshes or takes out a peer, and chooses its neighbours.
    ///
    /// @param address where the peer is; port 0 for one that cannot be reached
    /// @param count neighbours wanted
    /// @param now seconds since the start
    public Outcome announce(
            InfoHash infoHash, PeerAddress address, ReceivedAnnounce announce, int count, int now) {
        byte[] endpoint = Endpoints.of(address);
        Asker asker = Asker.of(announce, salt);
        boolean leaves = asker.event() == AnnounceEvent.STOPPED;
        Shard shard = shard(infoHash);
        shard.lock.lock();
        try {
            Swarm swarm = shard.swarms.get(infoHash);
            if (swarm == null) {
                if (!leaves && torrents.get() >= rules.maxTorrents()) {
                    return new Outcome.Full("the tracker is full");
                }
                swarm = new Swarm(infoHash, rules, census, salt, now);
            }
            if (leaves) {
                swarm.dismiss(endpoint, asker);
            } else {
                String refusal = swarm.admit(endpoint, asker, now);
                if (refusal != null) {
                    return new Outcome.Full(refusal);
                }
                if (shard.swarms.putIfAbsent(infoHash, swarm) == null) {
                    torrents.incrementAndGet();
                    names.put(ShaIh.of(infoHash), infoHash);
                }
            }
            int wanted = leaves ? 0 : count;
            Pick pick = swarm.pick(endpoint, asker, announce, wanted, now, shard.random);
            return new Outcome.Welcome(swarm.counts(), pick);
        } finally {
            shard.lock.unlock();
        }
    }

    /// The size of a swarm, if it has one.
    public Optional<SwarmCounts> counts(InfoHash infoHash) {
        Shard shard = shard(infoHash);
        shard.lock.lock();
        try {
            return Optional.ofNullable(shard.swarms.get(infoHash)).map(Swarm::counts);
        } finally {
            shard.lock.unlock();
        }
    }

    /// The torrent behind a hidden name, if one is known: announced openly, or listed.
    public Optional<InfoHash> find(ShaIh name) {
        return Optional.ofNullable(names.get(name));
    }

    /// Makes torrents known by their hidden names, whether or not anybody announced them; those of
    /// the last call and not of this one are known only as long as they have a swarm.
    public void list(Set<InfoHash> infoHashes) {
        Set<InfoHash> old = listed;
        listed = Set.copyOf(infoHashes);
        for (InfoHash infoHash : infoHashes) {
            names.put(ShaIh.of(infoHash), infoHash);
        }
        for (InfoHash infoHash : old) {
            forget(infoHash);
        }
    }

    /// Forgets whoever was silent for too long. To be called about once a minute, by one thread.
    public void sweep(int now) {
        for (Shard shard : shards) {
            for (InfoHash infoHash : keys(shard)) {
                sweep(shard, infoHash, now);
            }
        }
    }

    public int torrents() {
        return torrents.get();
    }

    public long peers() {
        return peers.get();
    }

    private void sweep(Shard shard, InfoHash infoHash, int now) {
        int from = Integer.MAX_VALUE;
        while (from > 0) {
            shard.lock.lock();
            try {
                Swarm swarm = shard.swarms.get(infoHash);
                if (swarm == null) {
                    return;
                }
                from = swarm.expire(Math.min(from, swarm.rows()), now);
                if (from == 0) {
                    swarm.freshen(now, shard.random);
                    if (isOver(swarm, now)) {
                        shard.swarms.remove(infoHash);
                        torrents.decrementAndGet();
                        forget(infoHash, shard);
                    }
                }
            } finally {
                shard.lock.unlock();
            }
        }
    }

    private boolean isOver(Swarm swarm, int now) {
        boolean remembered =
                swarm.counts().downloaded() > 0
                        && now - swarm.lastAnnounce() < EMPTY_LIFE_SECONDS
                        && torrents.get() < rules.maxTorrents() / 4 * 3;
        return swarm.isEmpty() && !remembered;
    }

    private void forget(InfoHash infoHash) {
        Shard shard = shard(infoHash);
        shard.lock.lock();
        try {
            forget(infoHash, shard);
        } finally {
            shard.lock.unlock();
        }
    }

    private void forget(InfoHash infoHash, Shard shard) {
        if (!shard.swarms.containsKey(infoHash) && !listed.contains(infoHash)) {
            names.remove(ShaIh.of(infoHash));
        }
    }

    private static List<InfoHash> keys(Shard shard) {
        shard.lock.lock();
        try {
            return new ArrayList<>(shard.swarms.keySet());
        } finally {
            shard.lock.unlock();
        }
    }

    private Shard shard(InfoHash infoHash) {
        return shards[(infoHash.hashCode() * 0x9E37_79B9) >>> 26];
    }

    /// Counts rows in total and by address.
    private final class Heads implements Swarm.Census {

        @Override
        public boolean enter(byte[] endpoint) {
            if (peers.get() >= rules.maxPeers()) {
                return false;
            }
            boolean limited = !Endpoints.isLoopback(endpoint, 0, endpoint.length);
            if (limited && !addresses.enter(ip(endpoint))) {
                return false;
            }
            peers.incrementAndGet();
            return true;
        }

        @Override
        public void leave(byte[] endpoint) {
            peers.decrementAndGet();
            if (!Endpoints.isLoopback(endpoint, 0, endpoint.length)) {
                addresses.leave(ip(endpoint));
            }
        }

        private static byte[] ip(byte[] endpoint) {
            return Arrays.copyOf(endpoint, endpoint.length - Short.BYTES);
        }
    }
}
