package dev.thistle.e2e.planted.protocol;

import java.util.concurrent.locks.ReentrantLock;

/// Guards against threads it should not know of.
record Locks(ReentrantLock lock) {}
