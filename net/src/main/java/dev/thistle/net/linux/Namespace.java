package dev.thistle.net.linux;

import dev.thistle.net.Sockets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// An anonymous network namespace: a host with its own devices, addresses, routes and ports, that
/// some threads of this process can enter.
///
/// A socket belongs for good to the namespace of the thread that opened it, and can then be used
/// from any thread, virtual ones too. So [#call] runs what opens sockets on the owner, a daemon
/// platform thread, and the result goes where it is needed:
///
/// ```java
/// var host = Namespace.create("alice");
/// var network = new TcpNetwork(host);
/// ```
///
/// **HTTP.** A `java.net.http.HttpClient` lives here if it is built inside [#call] with an executor
/// whose threads come from [#factory], and if it is asked with `sendAsync` (and `get`, to wait):
/// that opens connections on threads of the executor, or its own, which `build` starts. Plain
/// `send` opens them on the calling thread and so, called from outside, goes outside. An
/// `HttpServer` opens its socket in `HttpServer.create`, which alone has to be inside [#call].
///
/// **Virtual threads.** A thread starts in the namespace of the thread that starts it, and the JVM
/// starts carriers on whatever thread wakes a virtual one. That is why the owner goes back to the
/// process's own namespace before it hands over a result, and why a virtual thread must not open
/// sockets itself in a process that has namespaces: go through [#call], or [Sockets], always.
///
/// A fresh namespace has loopback up, IPv6 off and forwarding off. It is held by a descriptor,
/// which [#path] names; when all descriptors, sockets, threads and processes of it are gone, or
/// this process is, the kernel removes it with all its devices. Thread-safe.
public final class Namespace implements Sockets, Closeable {

    private final String name;
    private final ExecutorService owner;
    private final Thread thread;
    private final int home;
    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Something to do inside a namespace.
    @FunctionalInterface
    public interface Work<T, E extends Exception> {

        /// Does it.
        T call() throws E;
    }

    /// Something to do inside a namespace that has no result.
    @FunctionalInterface
    public interface Step<E extends Exception> {

        /// Does it.
        void run() throws E;
    }

    private Namespace(String name, ExecutorService owner, int home, int descriptor) {
        this.name = name;
        this.owner = owner;
        this.thread = Thread.currentThread();
        this.home = home;
        this.descriptor = descriptor;
    }

    /// Makes a namespace. Takes a few milliseconds.
    ///
    /// @param name what threads and messages call it; need not be unique
    /// @throws IOException if the kernel refuses, for lack of permission most often; [Machine]
    ///   knows beforehand and can say what is missing
    public static Namespace create(String name) throws IOException {
        ExecutorService owner =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("netns-" + name).factory());
        try {
            return finish(name, owner.submit(() -> unshare(name, owner)));
        } catch (Exception e) {
            owner.shutdown();
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private static Namespace unshare(String name, ExecutorService owner) throws IOException {
        var libc = new Libc();
        String what = "network namespace '" + name + "'";
        int home = openCurrent(libc, what);
        int descriptor = -1;
        boolean done = false;
        try {
            if (libc.unshare(Libc.CLONE_NEWNET) < 0) {
                throw libc.failure(what);
            }
            descriptor = openCurrent(libc, what);
            furnish();
            var namespace = new Namespace(name, owner, home, descriptor);
            namespace.enter(home);
            done = true;
            return namespace;
        } finally {
            if (!done) {
                libc.close(descriptor);
                libc.close(home);
            }
        }
    }

    private static void furnish() throws IOException {
        Device.named("lo").up();
        set("ipv6/conf/all/disable_ipv6", "1");
        set("ipv6/conf/default/disable_ipv6", "1");
        set("ipv4/ip_forward", "0");
    }

    /// The namespace of the calling thread.
    private static int openCurrent(Libc libc, String what) throws IOException {
        int descriptor = libc.open("/proc/thread-self/ns/net", Libc.O_CLOEXEC);
        if (descriptor < 0) {
            throw libc.failure(what);
        }
        return descriptor;
    }

    /// A kernel without IPv6 has no such setting.
    private static void set(String setting, String value) throws IOException {
        Path file = Path.of("/proc/sys/net", setting);
        if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
            Files.writeString(file, value);
        }
    }

    /// Moves the calling platform thread.
    private void enter(int namespace) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot enter a namespace");
        }
        var libc = new Libc();
        if (libc.setns(namespace, Libc.CLONE_NEWNET) < 0) {
            throw new IllegalStateException(libc.failure(this + ": entering").getMessage());
        }
    }

    /// Does something on the owner thread, inside, and waits for it. Calls queue up, so this is for
    /// what opens things, not for what uses them. Threads and processes started in it are inside
    /// too. Work must not call another namespace that is calling this one.
    ///
    /// An interrupt does not end the wait; the caller finds itself interrupted afterwards.
    ///
    /// @return what `work` returned
    /// @throws E as `work` threw it
    /// @throws IllegalStateException if this namespace is closed
    public <T, E extends Exception> T call(Work<T, E> work) throws E {
        if (thread.equals(Thread.currentThread())) {
            return work.call();
        }
        try {
            return finish(name, owner.submit(() -> inside(work)));
        } catch (RejectedExecutionException _) {
            throw isClosed(name);
        }
    }

    /// The number of a closed descriptor may mean something else by now.
    private void requireOpen() {
        if (closed.get()) {
            throw isClosed(name);
        }
    }

    private <T, E extends Exception> T inside(Work<T, E> work) throws E {
        enter(descriptor);
        try {
            return work.call();
        } finally {
            enter(home);
        }
    }

    /// As [#call], for work without a result.
    public <E extends Exception> void run(Step<E> step) throws E {
        Namespace _ =
                call(() -> {
                    step.run();
                    return this;
                });
    }

    @SuppressWarnings("unchecked") // the work of the future throws E, or something unchecked
    private static <T, E extends Exception> T finish(String name, Future<T> future) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (CancellationException _) {
            throw isClosed(name);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (E) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IllegalStateException isClosed(String name) {
        return new IllegalStateException("network namespace '" + name + "' is closed");
    }

    @Override
    public SocketChannel openSocket() throws IOException {
        return call(SocketChannel::open);
    }

    @Override
    public ServerSocketChannel openServer() throws IOException {
        return call(ServerSocketChannel::open);
    }

    @Override
    public DatagramChannel openDatagrams() throws IOException {
        return call(() -> DatagramChannel.open());
    }

    /// Starts a program inside.
    public Process start(ProcessBuilder program) throws IOException {
        return call(program::start);
    }

    /// Makes daemon platform threads that live inside, whoever starts them. They must be started
    /// before this namespace is closed, and may outlive it.
    public ThreadFactory factory() {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("in-" + name + "-", 0).factory();
        return task ->
                threads.newThread(() -> {
                    requireOpen();
                    enter(descriptor);
                    task.run();
                });
    }

    /// A path under `/proc` by which programs find this namespace while it is open: `ip link set
    /// DEVICE netns PATH`, `nsenter --net=PATH PROGRAM`.
    public Path path() {
        return Path.of("/proc", String.valueOf(ProcessHandle.current().pid()), "fd")
                .resolve(String.valueOf(descriptor));
    }

    /// Interrupts and fails calls under way, and lets go of the namespace. Sockets opened in it go
    /// on working until they are closed, and keep it alive.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        for (Runnable waiting : owner.shutdownNow()) {
            if (waiting instanceof Future<?> future) {
                future.cancel(false);
            }
        }
        try {
            owner.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        var libc = new Libc();
        libc.close(descriptor);
        libc.close(home);
    }

    @Override
    public String toString() {
        return "network namespace '" + name + "'";
    }
}
