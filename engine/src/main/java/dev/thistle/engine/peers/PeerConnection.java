package dev.thistle.engine.peers;

import static java.util.Objects.requireNonNull;

import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.peers.Outbox.Item;
import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Cancel;
import dev.thistle.protocol.peer.PeerMessage.Request;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One peer after the handshake: a thread that reads, a thread that writes.
///
/// The torrent's thread says what it wants by [#say], [#ask] and [#serve], which never block. What
/// the peer says comes back as [PeerEvent]s; the last one is always [PeerEvent.Closed]. The reader
/// blocks while the torrent's queue is full, so a peer cannot send faster than it is dealt with.
public final class PeerConnection {

    private static final String SLOW_READER = "does not read what it is sent";

    private static final Logger LOG = System.getLogger(PeerConnection.class.getName());

    private final int number;
    private final Greeted greeted;
    private final BufferPool buffers;
    private final Tolls tolls;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Duration patience;
    private final LongSupplier clock;
    private final Consumer<PeerEvent> torrent;
    private final Outbox outbox;
    private final Unheard unheard = new Unheard();
    private final Map<Block, PieceAssembly> asked = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
    private final AtomicLong downloadedBytes = new AtomicLong();
    private final AtomicLong deliveredBytes = new AtomicLong();
    private final AtomicLong uploadedBytes = new AtomicLong();
    private volatile @Nullable Content content;
    private final AtomicLong writes = new AtomicLong();

    /// What blocks are of.
    private record Content(Metainfo metainfo, PieceStore store) {}

    /// A connection whose threads are not yet started, for a torrent of which only the name is
    /// known so far.
    ///
    /// @param number what the picker calls this peer
    /// @param tolls what it pays for its bytes
    /// @param patience silence after which the peer counts as gone, and how long one write may take
    /// @param clock monotonic nanoseconds
    /// @param torrent takes the events; may block
    public PeerConnection(
            int number,
            Greeted greeted,
            BufferPool buffers,
            Tolls tolls,
            Duration patience,
            LongSupplier clock,
            Consumer<PeerEvent> torrent) {
        this.number = number;
        this.greeted = greeted;
        this.buffers = buffers;
        this.outbox = new Outbox(buffers.backlog());
        this.tolls = tolls;
        this.patience = patience;
        this.clock = clock;
        this.torrent = torrent;
    }

    /// Tells what the torrent holds: before blocks are asked for or served, and once.
    public void begin(Metainfo metainfo, PieceStore store) {
        content = new Content(metainfo, store);
    }

    public int number() {
        return number;
    }

    public InetSocketAddress remote() {
        return greeted.link().remote();
    }

    public PeerId peerId() {
        return greeted.handshake().peerId();
    }

    /// By which of the torrent's names both sides know it.
    public InfoHash name() {
        return greeted.name();
    }

    public Protection protection() {
        return greeted.protection();
    }

    public boolean isIncoming() {
        return greeted.isIncoming();
    }

    public boolean supportsFast() {
        return greeted.handshake().supports(Handshake.FAST);
    }

    public boolean supportsExtensions() {
        return greeted.handshake().supports(Handshake.EXTENDED);
    }

    /// Bytes of blocks received so far, asked for or not.
    public long downloadedBytes() {
        return downloadedBytes.get();
    }

    /// Bytes of blocks received so far that had been asked for: what earns a peer anything.
    public long deliveredBytes() {
        return deliveredBytes.get();
    }

    /// Bytes of blocks sent so far.
    public long uploadedBytes() {
        return uploadedBytes.get();
    }

    /// How often something was sent; one that does not grow says that we are silent.
    public long writes() {
        return writes.get();
    }

    /// Starts both threads.
    public void start() {
        Thread.ofVirtual().name("peer-" + number + "-write").start(this::write);
        Thread.ofVirtual().name("peer-" + number + "-read").start(this::read);
    }

    /// Queues a message. A peer that does not read what it is sent is hung up on.
    public void say(PeerMessage message) {
        if (!outbox.say(message)) {
            close(SLOW_READER);
        }
    }

    /// Asks for blocks in this order, each with the assembly that it belongs to, and wakes the
    /// writer once. One that the peer owes already, since it was asked long ago, is not asked for
    /// twice.
    public void ask(Map<Block, PieceAssembly> blocks) {
        var requests = new ArrayList<Request>(blocks.size());
        blocks.forEach((block, assembly) -> {
            if (asked.put(block, assembly) == null) {
                requests.add(new Request(block.piece(), block.begin(), block.lengthBytes()));
            }
        });
        if (!outbox.sayAll(requests)) {
            close(SLOW_READER);
        }
    }

    /// Takes a request back. The block may come all the same.
    ///
    /// @return whether it was still to be answered
    public boolean unask(Block block) {
        if (asked.remove(block) == null) {
            return false;
        }
        say(new Cancel(block.piece(), block.begin(), block.lengthBytes()));
        return true;
    }

    /// Takes all requests back.
    ///
    /// @return how many
    public int unaskAll() {
        int count = 0;
        for (Block block : asked.keySet()) {
            count += unask(block) ? 1 : 0;
        }
        return count;
    }

    /// The peer will not send this block.
    ///
    /// @return whether it had been asked for
    public boolean refused(Block block) {
        return asked.remove(block) != null;
    }

    /// The peer will send none of the blocks it was asked for.
    public void refusedAll() {
        asked.clear();
    }

    public int askedCount() {
        return asked.size();
    }

    /// Takes what the peer said and no event has told yet: blocks that are written and waited for
    /// more of their kind.
    public List<Utterance> unheard() {
        return unheard.takeAll();
    }

    /// Queues a block to be sent.
    ///
    /// @return false when the peer has too many requests waiting
    public boolean serve(Request request) {
        return outbox.serve(request);
    }

    /// Takes one waiting request back.
    ///
    /// @return whether the request was still waiting
    public boolean unserve(Request request) {
        return outbox.unserve(request);
    }

    /// Takes all waiting requests back and tells which.
    public List<Request> unserveAll() {
        return outbox.unserveAll();
    }

    /// Hangs up; [PeerEvent.Closed] follows. Only the first reason counts.
    public void close(String why) {
        reason.compareAndSet(null, why);
        outbox.close();
        closing.countDown();
        buffers.wake();
        greeted.link().close();
    }

    private void read() {
        try {
            hear();
        } catch (StoreException failed) {
            close(failed.getMessage());
            torrent.accept(new PeerEvent.StoreFailed(this, failed.getMessage(), true));
        } catch (IOException failed) {
            close(String.valueOf(failed.getMessage()));
        } catch (RuntimeException | OutOfMemoryError bug) {
            dropFor(bug);
        } finally {
            close("stopped reading");
            tell(unheard.takeAll());
            torrent.accept(new PeerEvent.Closed(this, String.valueOf(reason.get())));
        }
    }

    private void dropFor(Throwable bug) {
        LOG.log(Level.ERROR, "{0} dropped: {1}", remote(), bug);
        close("internal error: " + bug);
    }

    private void hear() throws IOException {
        try (var buffer = new ReceiveBuffer(buffers, this::isClosing)) {
            var frames = new IncomingFrames(IncomingFrames.UNKNOWN, this::isAsked);
            var reading = new PacedReading(greeted.link(), tolls.down(), patience, clock, closing);
            ByteBuffer in = greeted.received();
            while (true) {
                Content known = content;
                if (known != null) {
                    frames.know(known.metainfo().pieceCount());
                }
                int unread = in.remaining();
                List<Utterance> heard = frames.read(in, this::deliver);
                if (in.remaining() < unread) {
                    reading.messageEnded();
                }
                if (!heard.isEmpty()) {
                    heard.forEach(this::countUnasked);
                    tell(unheard.add(heard, asked.size()));
                }
                boolean hasBegun = in.hasRemaining();
                in = buffer.roomAfter(in, frames.wantedBytes(in), !asked.isEmpty());
                if (reading.read(in, hasBegun, buffer.isInTheWay()) < 0) {
                    close("hung up");
                    return;
                }
                in.flip();
            }
        } catch (InterruptedException stopped) {
            close("interrupted");
        }
    }

    private void tell(List<Utterance> due) {
        if (!due.isEmpty()) {
            torrent.accept(new PeerEvent.Heard(this, due));
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void countUnasked(Utterance utterance) {
        if (utterance instanceof Utterance.Unasked(int lengthBytes)) {
            downloadedBytes.addAndGet(lengthBytes);
        }
    }

    private boolean isAsked(int piece, int begin, int lengthBytes) {
        return asked.containsKey(new Block(piece, begin, lengthBytes));
    }

    /// Takes one block out of the receive buffer.
    private Utterance deliver(int piece, int begin, ByteBuffer data) throws StoreException {
        int length = data.remaining();
        PieceAssembly assembly = asked.remove(new Block(piece, begin, length));
        if (assembly == null) { // taken back while it came
            return new Utterance.Unasked(length);
        }
        downloadedBytes.addAndGet(length);
        deliveredBytes.addAndGet(length);
        try {
            return new Utterance.Delivered(assembly, begin, length, assembly.accept(begin, data));
        } catch (IOException failed) {
            throw new StoreException("writing piece %d: %s".formatted(piece, failed.getMessage()));
        }
    }

    private void write() {
        try {
            speak();
        } catch (StoreException failed) {
            close(failed.getMessage());
            torrent.accept(new PeerEvent.StoreFailed(this, failed.getMessage(), false));
        } catch (IOException failed) {
            close(String.valueOf(failed.getMessage()));
        } catch (InterruptedException stopped) {
            close("interrupted");
        } catch (RuntimeException | OutOfMemoryError bug) {
            dropFor(bug);
        } finally {
            close("stopped writing");
        }
    }

    private void giveWay() {
        close(SLOW_READER + ", while others wait for memory");
    }

    private void speak() throws IOException, InterruptedException {
        try (var out = new SendBuffer(buffers, this::isClosing, this::giveWay, this::send)) {
            for (Item item = outbox.take(); item != null; item = outbox.take()) {
                speak(item, out);
            }
        }
    }

    /// Says `first` and all that waits behind it.
    private void speak(Item first, SendBuffer out) throws IOException, InterruptedException {
        for (Item item = first; item != null; item = outbox.poll()) {
            if (item instanceof Item.Serve(Request request) && !tolls.up().isFree()) {
                awaitTurn(request.length(), out);
            }
            append(item, out);
        }
        out.finish();
    }

    /// Waits until a block may go; messages do not wait with it.
    private void awaitTurn(int bytes, SendBuffer out) throws IOException, InterruptedException {
        tolls.up().pay(bytes);
        for (long left = tolls.up().nanosLeft(); left > 0; left = tolls.up().nanosLeft()) {
            out.finish();
            PeerMessage message = outbox.takeMessage(left);
            if (outbox.isClosed()) {
                break;
            }
            if (message != null) {
                append(new Item.Say(message), out);
            }
        }
    }

    private void append(Item item, SendBuffer out) throws IOException {
        switch (item) {
            case Item.Say(PeerMessage message) ->
                    PeerMessageCodec.encode(
                            message, out.room(PeerMessageCodec.encodedBytes(message)));
            case Item.Serve(Request request) ->
                    appendBlock(request, out.room(PeerMessageCodec.BLOCK_BYTES + 16));
        }
    }

    private void appendBlock(Request request, ByteBuffer out) throws StoreException {
        Content served = requireNonNull(content, "served before it began");
        PeerMessageCodec.encodePieceHead(request.piece(), request.begin(), request.length(), out);
        int limit = out.limit();
        int end = out.position() + request.length();
        long position =
                (long) request.piece() * served.metainfo().pieceLengthBytes() + request.begin();
        long left = Math.max(0, served.metainfo().spanBytes() - position);
        out.limit(out.position() + (int) Math.min(request.length(), left));
        try {
            if (out.hasRemaining()) {
                served.store().read(position, out);
            }
        } catch (IOException failed) {
            throw new StoreException(
                    "reading piece %d: %s".formatted(request.piece(), failed.getMessage()));
        }
        out.limit(end);
        while (out.hasRemaining()) { // padding behind the last file
            out.put((byte) 0);
        }
        out.limit(limit);
        uploadedBytes.addAndGet(request.length());
    }

    private void send(ByteBuffer bytes) throws IOException {
        greeted.link().write(bytes, patience);
        writes.incrementAndGet();
    }

    /// Our disk failed, not the peer.
    private static final class StoreException extends IOException {
        StoreException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
