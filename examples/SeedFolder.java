import dev.thistle.engine.Session;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.protocol.metainfo.MetainfoReader;

/// Seeds what a folder holds, until it is interrupted, and says who comes and goes.
///
///     java -cp LIBRARIES examples/SeedFolder.java FILE.torrent FOLDER
void main(String[] args) throws Exception {
    var metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(Path.of(args[0]))));
    try (var session = Session.open(SessionSettings.DEFAULT)) {
        session.listen(event -> {
            switch (event) {
                case SessionEvent.PeerJoined joined ->
                        IO.println(joined.address() + " has come");
                case SessionEvent.PeerLeft left ->
                        IO.println(left.address() + " has left: " + left.reason());
                default -> {}
            }
        });
        var store = FileStore.open(Path.of(args[1]), metainfo, false); // nothing is written
        var torrent = session.add(metainfo, store, TorrentSettings.DEFAULT);
        torrent.completed().join(); // what is there was checked
        IO.println("seeding " + metainfo.name() + " on port " + session.port());
        IO.println(torrent.ended().join().error().orElse("stopped"));
    }
}
