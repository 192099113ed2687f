package dev.thistle.isp.box;

import dev.thistle.isp.box.Attachment.Side;
import org.jspecify.annotations.Nullable;

/// An attached host with its lines; somebody outside has none.
///
/// @param address the four bytes of it
record Host(int address, int port, Side side, @Nullable AccessLine up, @Nullable AccessLine down) {

    boolean isCustomer() {
        return side == Side.CUSTOMER;
    }
}
