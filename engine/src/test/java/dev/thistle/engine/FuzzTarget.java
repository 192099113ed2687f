package dev.thistle.engine;

import dev.thistle.engine.peers.FramesUnderFire;
import dev.thistle.engine.resume.ResumeUnderFire;

/// What of the engine reads bytes from outside, before whatever a fuzzer finds. [FuzzReplayTest]
/// replays the corpus in every build; `scripts/fuzz` searches on from it.
public enum FuzzTarget {
    RESUME_FILE,
    PEER_STREAM;

    void attack(byte[] data) throws Exception {
        switch (this) {
            case RESUME_FILE -> ResumeUnderFire.attack(data);
            case PEER_STREAM -> FramesUnderFire.attack(data);
        }
    }

    /// What Jazzer calls; `-Dthistle.fuzz` names the target.
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        valueOf(System.getProperty("thistle.fuzz")).attack(data);
    }
}
