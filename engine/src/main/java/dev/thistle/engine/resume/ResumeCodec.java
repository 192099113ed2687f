package dev.thistle.engine.resume;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.MalformedException.Rule.TRUNCATED;

import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Turns [ResumeData] into the bytes of a resume file and back. Stateless. Two layers, so that one
/// flipped bit cannot make a piece look verified:
///
///     d 8:checksum 20:SHA-1 of state   6:format 14:thistle-resume   5:state N:…   7:version i1e e
///     state: d 4:boot… 10:downloaded… 5:files… 4:info… 9:info-hash… 6:layers… 6:pieces…
///              5:saved… 7:seeding… 7:settled… 10:unfinished… 8:uploaded… 6:wanted… e
///
/// Keys that are not known are passed over; docs/resume.md tells each.
public final class ResumeCodec {

    /// Of bytes and milliseconds: more than any run comes to, and sums of them fit into a `long`.
    private static final long MAX_NUMBER = 1L << 60;

    /// The one version there is.
    public static final int VERSION = 1;

    /// More than any real one: an info dictionary of 30 MiB and the bits of 2 million pieces.
    public static final int MAX_BYTES = 40 * 1024 * 1024;

    private static final String FORMAT = "thistle-resume";

    private ResumeCodec() {}

    public static byte[] encode(ResumeData data) {
        byte[] state = BencodeWriter.write(state(data));
        return BencodeWriter.write(
                Dict.builder()
                        .put("checksum", sha1(state))
                        .put("format", FORMAT)
                        .put("state", state)
                        .put("version", VERSION)
                        .build());
    }

    private static Dict state(ResumeData data) {
        var files = new ArrayList<BencodeValue>();
        for (FileStamp file : data.files()) {
            files.add(
                    new Items(
                            List.of(new Int(file.lengthBytes()), new Int(file.modifiedMillis()))));
        }
        var unfinished = new ArrayList<BencodeValue>();
        new TreeMap<>(data.unfinished())
                .forEach((piece, blocks) ->
                        unfinished.add(
                                Dict.builder()
                                        .put("blocks", bits(blocks))
                                        .put("piece", piece)
                                        .build()));
        var state =
                Dict.builder()
                        .put("boot", data.boot())
                        .put("downloaded", data.totals().downloadedBytes())
                        .put("files", new Items(files))
                        .put("info-hash", data.infoHash().bytes())
                        .put("pieces", bits(data.verified()))
                        .put("saved", data.savedMillis())
                        .put("seeding", data.totals().seeding().toMillis())
                        .put("settled", data.isSettled() ? 1 : 0)
                        .put("unfinished", new Items(unfinished))
                        .put("uploaded", data.totals().uploadedBytes());
        data.described().info().ifPresent(info -> state.put("info", new Text(info)));
        if (!data.described().layers().isEmpty()) {
            state.put("layers", layers(data.described().layers()));
        }
        data.wanted().ifPresent(wanted -> state.put("wanted", SelectionCodec.encode(wanted)));
        return state.build();
    }

    private static Dict layers(Map<Sha256, ByteString> layers) {
        var dict = Dict.builder();
        layers.forEach((root, hashes) -> dict.put(ByteString.of(root.bytes()), new Text(hashes)));
        return dict.build();
    }

    /// Reads a whole resume file.
    ///
    /// @throws MalformedException if it is no resume file, not whole, or of a version not known
    public static ResumeData decode(ByteBuffer file) throws MalformedException {
        if (file.remaining() > MAX_BYTES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "resume",
                    "%d bytes, allowed %d".formatted(file.remaining(), MAX_BYTES));
        }
        Dict outer = dict(file, "resume");
        if (!outer.bytes("format").equals(Optional.of(ByteString.utf8(FORMAT)))) {
            throw new MalformedException(
                    BAD_VALUE, "resume.format", "allowed '%s'".formatted(FORMAT));
        }
        long version = required(outer.integer("version"), "version");
        if (version != VERSION) {
            throw new MalformedException(
                    BAD_VALUE, "resume.version", "%d, known %d".formatted(version, VERSION));
        }
        byte[] state = required(outer.bytes("state"), "state").bytes();
        if (!MessageDigest.isEqual(
                sha1(state), required(outer.bytes("checksum"), "checksum").bytes())) {
            throw new MalformedException(BAD_VALUE, "resume.checksum", "not that of the state");
        }
        return data(dict(ByteBuffer.wrap(state), "resume.state"));
    }

    private static ResumeData data(Dict state) throws MalformedException {
        ByteString hash = required(state.bytes("info-hash"), "info-hash");
        if (hash.length() != InfoHash.BYTES) {
            throw new MalformedException(
                    BAD_VALUE,
                    "resume.info-hash",
                    "%d bytes, allowed %d".formatted(hash.length(), InfoHash.BYTES));
        }
        return new ResumeData(
                InfoHash.of(hash.bytes()),
                required(state.integer("saved"), "saved"),
                required(state.integer("settled"), "settled") == 1,
                required(state.bytes("boot"), "boot").toString(),
                files(state),
                BitSet.valueOf(reversed(required(state.bytes("pieces"), "pieces"))),
                unfinished(state),
                new Totals(
                        atLeastZero(state, "downloaded"),
                        atLeastZero(state, "uploaded"),
                        Duration.ofMillis(
                                state.has("seeding") ? atLeastZero(state, "seeding") : 0)),
                new Described(state.bytes("info"), layers(state)),
                wanted(state));
    }

    private static Map<Sha256, ByteString> layers(Dict state) throws MalformedException {
        var layers = new HashMap<Sha256, ByteString>();
        Optional<Dict> found = state.dict("layers");
        if (found.isPresent()) {
            for (var entry : found.get().entries().entrySet()) {
                if (entry.getKey().length() == Sha256.BYTES
                        && entry.getValue() instanceof Text(ByteString hashes)
                        && hashes.length() % Sha256.BYTES == 0) {
                    layers.put(Sha256.of(entry.getKey().bytes()), hashes);
                } else {
                    throw new MalformedException(
                            BAD_VALUE, "resume.layers", "allowed roots and hashes of 32 bytes");
                }
            }
        }
        return layers;
    }

    private static Optional<Selection> wanted(Dict state) throws MalformedException {
        Optional<Dict> wanted = state.dict("wanted");
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(SelectionCodec.decode(wanted.get()));
    }

    private static List<FileStamp> files(Dict state) throws MalformedException {
        var files = new ArrayList<FileStamp>();
        for (BencodeValue file : required(state.list("files"), "files")) {
            if (file instanceof Items(var pair)
                    && pair.size() == 2
                    && pair.get(0) instanceof Int(long length)
                    && pair.get(1) instanceof Int(long modified)
                    && length >= -1) {
                files.add(new FileStamp(length, modified));
            } else {
                throw new MalformedException(
                        BAD_VALUE, "resume.files", "allowed pairs of length and time");
            }
        }
        return files;
    }

    private static Map<Integer, BitSet> unfinished(Dict state) throws MalformedException {
        var unfinished = new TreeMap<Integer, BitSet>();
        for (BencodeValue value : required(state.list("unfinished"), "unfinished")) {
            if (!(value instanceof Dict dict)) {
                throw new MalformedException(
                        BAD_VALUE, "resume.unfinished", "allowed dictionaries");
            }
            long piece = required(dict.integer("piece"), "unfinished.piece");
            if (piece < 0 || piece > Integer.MAX_VALUE) {
                throw new MalformedException(
                        BAD_VALUE, "resume.unfinished.piece", "%d, allowed 0..".formatted(piece));
            }
            ByteString blocks = required(dict.bytes("blocks"), "unfinished.blocks");
            unfinished.put((int) piece, BitSet.valueOf(reversed(blocks)));
        }
        return unfinished;
    }

    private static long atLeastZero(Dict state, String key) throws MalformedException {
        long value = required(state.integer(key), key);
        if (value < 0 || value > MAX_NUMBER) {
            throw new MalformedException(
                    BAD_VALUE, "resume." + key, "%d, allowed 0..2^60".formatted(value));
        }
        return value;
    }

    private static Dict dict(ByteBuffer bytes, String where) throws MalformedException {
        if (BencodeReader.readAll(bytes, Keys.CANONICAL) instanceof Dict dict) {
            return dict;
        }
        throw new MalformedException(BAD_VALUE, where, "allowed a dictionary");
    }

    private static <T> T required(Optional<T> value, String key) throws MalformedException {
        if (value.isEmpty()) {
            throw new MalformedException(TRUNCATED, "resume." + key, "is missing");
        }
        return value.get();
    }

    /// As in a bitfield (BEP 3): the first bit is the highest of the first byte. Ends with the last
    /// byte that is not zero.
    private static byte[] bits(BitSet set) {
        return reversed(set.toByteArray());
    }

    private static byte[] reversed(ByteString bits) {
        return reversed(bits.bytes());
    }

    /// Turns the bits of every byte round.
    private static byte[] reversed(byte[] bits) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (Integer.reverse(bits[i]) >>> 24);
        }
        return bits;
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
