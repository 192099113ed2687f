package dev.thistle.protocol.peer;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.MalformedException.Rule.TRUNCATED;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;

/// Which hashes of a file's merkle tree a hash message is about (BEP 52): `length` neighbours in
/// one layer, and the hashes beside the way from there towards the root that prove them.
///
///     root (32) | base layer (4) | index (4) | length (4) | proof layers (4)
///
/// Read from outside the numbers are anything from 0 to 2^31 - 1; whether a tree has such hashes is
/// for its owner to say.
///
/// @param root `pieces root` of the file: 32 bytes
/// @param baseLayer 0 are the hashes of blocks of 16 KiB, each layer above has half as many
/// @param index of the first hash in its layer
/// @param length how many hashes; real clients ask for a power of two
/// @param proofLayers how many layers above the base the proof is to cover
public record HashRange(ByteString root, int baseLayer, int index, int length, int proofLayers) {

    /// Root and four numbers.
    public static final int BYTES = 48;

    /// SHA-256.
    public static final int HASH_BYTES = 32;

    /// What may be asked for at once (BEP 52).
    public static final int MAX_LENGTH = 512;

    /// A file of 2^48 bytes has 2^34 blocks; no tree here is higher.
    public static final int MAX_PROOF_LAYERS = 34;

    private static final String[] NUMBERS = {"base-layer", "index", "length", "proof-layers"};

    public HashRange {
        if (root.length() != HASH_BYTES) {
            throw new IllegalArgumentException(
                    "root of %d bytes, allowed 32".formatted(root.length()));
        }
    }

    /// How many hashes an answer carries: those asked for and their proof, of which the lowest
    /// layers are left out because they follow from the hashes themselves.
    public int hashCount() {
        int follow = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(length, 2)) - 1;
        return length + Math.max(0, proofLayers - follow);
    }

    /// Reads 48 bytes from `frame`.
    ///
    /// @param start where the message begins: errors count from there
    /// @param message what errors call it
    static HashRange read(ByteBuffer frame, int start, String message) throws MalformedException {
        if (frame.remaining() < BYTES) {
            throw new MalformedException(
                    TRUNCATED,
                    message,
                    frame.position() - start,
                    "%d bytes left, needed %d".formatted(frame.remaining(), BYTES));
        }
        byte[] root = new byte[HASH_BYTES];
        frame.get(root);
        int[] numbers = new int[NUMBERS.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = frame.getInt();
            if (numbers[i] < 0) {
                throw new MalformedException(
                        TOO_LARGE,
                        message + "." + NUMBERS[i],
                        frame.position() - start - Integer.BYTES,
                        "%d, allowed 0..2147483647".formatted(Integer.toUnsignedLong(numbers[i])));
            }
        }
        return new HashRange(ByteString.of(root), numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// Reads the hashes that follow a range in an answer.
    static ByteString readHashes(ByteBuffer frame, int start) throws MalformedException {
        if (frame.remaining() % HASH_BYTES != 0) {
            throw new MalformedException(
                    BAD_VALUE,
                    "hashes.hashes",
                    frame.position() - start,
                    "%d bytes, allowed multiples of 32".formatted(frame.remaining()));
        }
        byte[] hashes = new byte[frame.remaining()];
        frame.get(hashes);
        return ByteString.of(hashes);
    }

    void writeTo(ByteBuffer out) {
        out.put(root.asBuffer()).putInt(baseLayer).putInt(index).putInt(length).putInt(proofLayers);
    }
}
