import dev.thistle.engine.Session;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.nio.channels.FileChannel;

/// A torrent is kept where the program wants it: here all its files in a row in one.
///     java -cp LIBRARIES examples/CustomStorage.java FILE.torrent TARGET
record OneFile(FileChannel channel) implements PieceStore {
    public void read(long position, ByteBuffer target) throws IOException {
        for (int count; target.hasRemaining(); position += count) {
            count = channel.read(target, position);
            if (count < 0) throw new EOFException("ends at byte " + channel.size());
        }
    }

    public void write(long position, ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            position += channel.write(source, position);
        }
    }

    public boolean isThere(long position, long lengthBytes) throws IOException {
        return position + lengthBytes <= channel.size();
    }

    public void close() throws IOException {
        channel.close();
    }
}

void main(String[] args) throws Exception {
    var metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(Path.of(args[0]))));
    var store = new OneFile(new RandomAccessFile(args[1], "rw").getChannel());
    try (var session = Session.open(SessionSettings.DEFAULT)) {
        session.add(metainfo, store, TorrentSettings.DEFAULT).completed().join();
    }
}
