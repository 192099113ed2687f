package dev.thistle.engine.torrent;

import java.net.InetAddress;

/// Who sent a block, by what can be shut out.
sealed interface Sender {

    /// A peer, whatever port it came from.
    record Host(InetAddress address) implements Sender {}

    /// A web seed, by the number that the picker knows it by.
    record Web(int number) implements Sender {}
}
