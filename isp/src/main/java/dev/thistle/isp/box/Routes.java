package dev.thistle.isp.box;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who has which IPv4 address. Made once, asked for every frame.
final class Routes {

    private final int[] addresses;
    private final Host[] hosts;

    /// Refuses two hosts with one address.
    Routes(List<Host> attached) {
        hosts =
                attached.stream()
                        .sorted(Comparator.comparingInt(Host::address))
                        .toArray(Host[]::new);
        addresses = Arrays.stream(hosts).mapToInt(Host::address).toArray();
        for (int i = 1; i < addresses.length; i++) {
            if (addresses[i] == addresses[i - 1]) {
                throw new IllegalArgumentException(
                        "address %08x attached twice".formatted(addresses[i]));
            }
        }
    }

    @Nullable Host find(int address) {
        int index = Arrays.binarySearch(addresses, address);
        return index < 0 ? null : hosts[index];
    }
}
