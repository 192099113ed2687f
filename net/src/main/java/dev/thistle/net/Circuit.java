package dev.thistle.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// A link of a [MemoryNetwork] as a whole: two ends and the two wires between them.
final class Circuit {

    private final Wire toCallee;
    private final Wire toCaller;
    private final MemoryLink caller;
    private final MemoryLink callee;
    private final Consumer<Circuit> onOver;

    /// @param onOver told, perhaps more than once, when both ends are over
    Circuit(
            MemoryNetwork.Host from,
            InetSocketAddress local,
            MemoryNetwork.Host to,
            InetSocketAddress remote,
            Conditions there,
            Conditions back,
            SplittableRandom random,
            Consumer<Circuit> onOver) {
        this.onOver = onOver;
        toCallee = new Wire(there, from.upLine(), to.downLine(), random.split());
        toCaller = new Wire(back, to.upLine(), from.downLine(), random.split());
        caller = new MemoryLink(this, local, remote, toCallee, toCaller, there);
        callee = new MemoryLink(this, remote, local, toCaller, toCallee, back);
    }

    MemoryLink caller() {
        return caller;
    }

    MemoryLink callee() {
        return callee;
    }

    /// Whether it joins these two hosts, whoever called.
    boolean joins(InetAddress one, InetAddress other) {
        InetAddress from = caller.local().getAddress();
        InetAddress to = caller.remote().getAddress();
        return (from.equals(one) && to.equals(other)) || (from.equals(other) && to.equals(one));
    }

    /// Fails at both ends at the same time. Bytes in flight are lost.
    void reset() {
        // Both marks first: neither end may take the other's hanging up for an orderly end.
        caller.markReset();
        callee.markReset();
        caller.hangUp();
        callee.hangUp();
    }

    void cut() {
        toCallee.cut();
        toCaller.cut();
    }

    void mend() {
        toCallee.mend();
        toCaller.mend();
    }

    void ended() {
        if (caller.isOver() && callee.isOver()) {
            onOver.accept(this);
        }
    }
}
