/// Hosts made of kernel parts: network namespaces, the lines between them, and raw frames. Linux
/// only, on x86-64 and aarch64, through the foreign function API; ask [Machine] first.
///
/// Start with [Namespace], a network of its own that some threads of this process live in.
/// [VethPair] joins two of them by a virtual Ethernet cable, and [PacketSocket] reads and writes
/// whole frames, in [FrameBatch]es, on all cables that end in one namespace. What a frame means is
/// not known here. Everything is anonymous: no name under `/run`, no device in the namespace the
/// process was started in; when the process ends, however it ends, the kernel takes it all away.
///
/// `Libc` holds the few system calls and `Device` what is done to an interface with `ioctl`.
@NullMarked
package dev.thistle.net.linux;

import org.jspecify.annotations.NullMarked;
