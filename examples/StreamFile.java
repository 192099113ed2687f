import dev.thistle.engine.Session;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.nio.channels.Channels;

/// Writes a file of a torrent to the standard output while it downloads, for a player to read:
/// each read waits until its bytes are there, and what comes next is asked for first.
///
///     java -cp LIBRARIES examples/StreamFile.java FILE.torrent FOLDER NUMBER | mpv -
void main(String[] args) throws Exception {
    var metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(Path.of(args[0]))));
    try (var session = Session.open(SessionSettings.DEFAULT)) {
        var torrent = session.add(metainfo, Path.of(args[1]));
        try (var file = torrent.open(Integer.parseInt(args[2]))) {
            Channels.newInputStream(file).transferTo(System.out);
        }
        System.out.flush();
        System.err.println("all was read");
    }
}
