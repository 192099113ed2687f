package dev.thistle.e2e.planted.net.two;

import dev.thistle.e2e.planted.net.one.Ping;
import java.util.List;

/// Needs the other as well.
public record Pong(List<Ping> others) {
    public Pong {
        others.forEach(Ping::other);
    }
}
