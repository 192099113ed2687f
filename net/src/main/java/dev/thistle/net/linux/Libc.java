package dev.thistle.net.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of this package, named and ordered as in their manual pages (section 2).
///
/// Each answers what the C function answers; a negative number means that it failed and [#errno] or
/// [#failure] say why. An instance holds the `errno` of the last call, so it belongs to one thread
/// at a time.
@SuppressWarnings("restricted")
final class Libc {

    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENODEV = 19;
    static final int ENETDOWN = 100;
    static final int ENOBUFS = 105;

    static final int O_CLOEXEC = 0x80000;
    static final int CLONE_NEWNET = 0x4000_0000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = handle("close", JAVA_INT);
    private static final MethodHandle UNSHARE = handle("unshare", JAVA_INT);
    private static final MethodHandle SETNS = handle("setns", JAVA_INT, JAVA_INT);
    private static final MethodHandle SOCKET = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = handle("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            handle("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle EVENTFD = handle("eventfd", JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD_WRITE = handle("eventfd_write", JAVA_INT, JAVA_LONG);
    private static final MethodHandle PPOLL = handle("ppoll", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle RECVMMSG =
            handle("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SENDMMSG =
            handle("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private final MemorySegment state = Arena.ofAuto().allocate(STATE);

    private static MethodHandle handle(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor function) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                function,
                Linker.Option.firstVariadicArg(fixed),
                Linker.Option.captureCallState("errno"));
    }

    int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    /// What to throw after a call that failed.
    ///
    /// @param what who wanted what, such as `network namespace 'box'`
    IOException failure(String what) {
        return new IOException(what + ": " + text(errno()));
    }

    private static String text(int errno) {
        try {
            var text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void close(int descriptor) {
        try {
            // Linux releases the descriptor whatever it answers.
            var _ = (int) CLOSE.invokeExact(state, descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int unshare(int flags) {
        try {
            return (int) UNSHARE.invokeExact(state, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int setns(int descriptor, int kind) {
        try {
            return (int) SETNS.invokeExact(state, descriptor, kind);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int socket(int family, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(state, family, type, protocol);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int bind(int socket, MemorySegment address) {
        try {
            return (int) BIND.invokeExact(state, socket, address, (int) address.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int setsockopt(int socket, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(JAVA_INT, value);
            return (int) SETSOCKOPT.invokeExact(state, socket, level, option, memory, 4);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int getsockopt(int socket, int level, int option, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            return (int) GETSOCKOPT.invokeExact(state, socket, level, option, value, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int ioctl(int descriptor, long request, MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(state, descriptor, request, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int eventfd(int initial, int flags) {
        try {
            return (int) EVENTFD.invokeExact(state, initial, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int eventfdWrite(int descriptor, long value) {
        try {
            return (int) EVENTFD_WRITE.invokeExact(state, descriptor, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int ppoll(MemorySegment descriptors, long count, MemorySegment timeout) {
        try {
            return (int) PPOLL.invokeExact(state, descriptors, count, timeout, MemorySegment.NULL);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int recvmmsg(int socket, MemorySegment messages, int count, int flags) {
        try {
            return (int)
                    RECVMMSG.invokeExact(state, socket, messages, count, flags, MemorySegment.NULL);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int sendmmsg(int socket, MemorySegment messages, int count, int flags) {
        try {
            return (int) SENDMMSG.invokeExact(state, socket, messages, count, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A downcall itself throws only where its signature is wrong.
    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("calling libc", e);
    }
}
