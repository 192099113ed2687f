package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Program;
import java.io.IOException;

/// A program that exchanges torrents, driven from outside.
public interface BitTorrentClient {

    /// What people call it.
    String title();

    /// What must be installed: a test that needs it asks first.
    void need();

    /// Whether it can be told a peer's address; otherwise it has to hear of it from a tracker.
    boolean takesPeers();

    /// Whether it can be made to talk under this protection at all.
    default boolean takes(Protection protection) {
        return true;
    }

    /// Whether it reads torrents of this version.
    default boolean reads(TorrentVersion version) {
        return version != TorrentVersion.V2;
    }

    /// Whether it connects to others under this protection; otherwise it has to be connected to.
    boolean dials(Protection protection);

    /// Seeds what stands in the job's folder; returns when it accepts peers.
    Program seed(Job job) throws IOException, InterruptedException;

    /// Starts to download into the job's folder; returns at once.
    Program leech(Job job) throws IOException, InterruptedException;

    /// Waits until the download is complete and written, and ends the program.
    void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException;
}
