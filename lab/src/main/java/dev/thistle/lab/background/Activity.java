package dev.thistle.lab.background;

import java.io.Closeable;

/// Something a host keeps doing until it is closed. Closing waits for its threads.
public interface Activity extends Closeable {

    /// How far it has come. Any thread may ask, at any time.
    Progress progress();

    @Override
    void close();
}
