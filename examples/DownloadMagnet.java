import dev.thistle.engine.Session;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.protocol.metainfo.Magnet;

/// Downloads what a magnet link names; the same command goes on where it was interrupted.
///
///     java -cp LIBRARIES examples/DownloadMagnet.java MAGNET FOLDER
void main(String[] args) throws Exception {
    try (var session = Session.open(SessionSettings.DEFAULT)) {
        var torrent = session.add(Magnet.parse(args[0]), Path.of(args[1]));
        var complete = torrent.completed().join();
        IO.println(complete.name() + " is complete: " + complete.lengthBytes() + " bytes");
    }
}
