package dev.thistle.isp.box;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The buffers of a box: as many as are needed at a time, up to a bound, and never given back.
final class Parcels {

    private final int slotBytes;
    private final int most;
    private final ArrayDeque<Parcel> free = new ArrayDeque<>();
    private int made;

    /// @param slotBytes the longest frame
    /// @param memoryBytes all buffers together
    Parcels(int slotBytes, long memoryBytes) {
        this.slotBytes = slotBytes;
        most = Math.toIntExact(memoryBytes / slotBytes);
    }

    int slotBytes() {
        return slotBytes;
    }

    /// An empty one, or null if all are in use.
    @Nullable Parcel take() {
        Parcel parcel = free.pollLast();
        if (parcel == null && made < most) {
            made++;
            parcel = new Parcel(slotBytes, this);
        }
        if (parcel != null) {
            parcel.frame.clear();
        }
        return parcel;
    }

    void put(Parcel parcel) {
        free.addLast(parcel);
    }
}
