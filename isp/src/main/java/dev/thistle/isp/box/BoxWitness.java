package dev.thistle.isp.box;

/// Hears what the ISP finds out and does, for logs and reports. Called on the thread that owns the
/// box.
public interface BoxWitness {

    /// Something was found out or done.
    void happened(BoxEvent event);

    /// A flow is over, or the box closes.
    void ended(FlowRecord flow);
}
