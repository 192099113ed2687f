package dev.thistle.net.linux;

import java.io.IOException;
import java.net.Inet4Address;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One end of a virtual cable: a network interface of a namespace.
///
/// @param namespace where it is plugged in
/// @param device what the interface is called there; 1 to 15 letters, digits and `-`
/// @param index the interface's number there, by which [PacketSocket] knows it; 0 for any
/// @param mac its hardware address, as in `02:00:00:00:00:01`
/// @param address whose it is there (/32, with the default route); null if it only passes frames on
public record VethEnd(
        Namespace namespace, String device, int index, String mac, @Nullable Inet4Address address) {

    /// The hardware address of all host ends. Without ARP the kernel addresses frames to its own
    /// address, so they are for whoever gets them.
    public static final String HOST_MAC = "02:00:00:00:00:01";

    /// The hardware address of all box ends: another one, so that the box's own kernel sees at once
    /// that a frame is not for it.
    public static final String BOX_MAC = "02:00:00:00:00:02";

    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9-]{1,15}");
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    /// Checks what will stand in a command.
    public VethEnd {
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException(
                    "device '%s', allowed 1..15 letters, digits and -".formatted(device));
        }
        if (!MAC.matcher(mac).matches()) {
            throw new IllegalArgumentException(
                    "mac '%s', allowed as in %s".formatted(mac, HOST_MAC));
        }
        if (index < 0) {
            throw new IllegalArgumentException("index %d, allowed >= 0".formatted(index));
        }
    }

    /// A host's only cable, called `eth0`: all it sends goes here.
    public static VethEnd host(Namespace namespace, Inet4Address address) {
        return new VethEnd(namespace, "eth0", 0, HOST_MAC, address);
    }

    /// A box's end, called `port` and its index, without address.
    ///
    /// @param index free in the box; from 100 on surely, because a kernel may put a few devices of
    ///   its own into a new namespace
    public static VethEnd box(Namespace namespace, int index) {
        return new VethEnd(namespace, "port" + index, index, BOX_MAC, null);
    }

    /// What stands for this end in `ip link add`.
    String arguments(int mtu) {
        String number = index == 0 ? "" : " index " + index;
        return "name %s%s netns %s mtu %d address %s arp off"
                .formatted(device, number, namespace.path(), mtu, mac);
    }

    void bringUp() throws IOException {
        namespace.run(() -> {
            Device end = Device.named(device);
            end.disableOffloads();
            if (address != null) {
                end.address(address);
            }
            end.up();
            if (address != null) {
                end.defaultRoute();
            }
        });
    }
}
