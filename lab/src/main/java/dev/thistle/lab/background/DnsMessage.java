package dev.thistle.lab.background;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A question for a host's address, or its answer, as DNS puts it into a datagram (RFC 1035, 4).
///
/// ```
///   id 2 | flags 2 | questions 2 | answers 2 | authorities 2 | additional 2
///   question: labels (length 1, text)... 0 | type 2 | class 2
///   answer:   pointer to the name 2 | type 2 | class 2 | time to live 4 | length 2 | address 4
/// ```
///
/// @param name lower-case labels with dots between
/// @param address of an answer, the four bytes as one number; empty for a question
record DnsMessage(int id, String name, Optional<Integer> address) {

    /// Without extensions a datagram carries no more (RFC 1035, 2.3.4).
    static final int MAX_BYTES = 512;

    private static final int HEADER_BYTES = 12;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int MAX_NAME_BYTES = 255;
    private static final short TYPE_A = 1;
    private static final short CLASS_IN = 1;

    /// A query that asks for recursion.
    private static final short QUERY = 0x0100;

    /// An answer that offers it.
    private static final short ANSWER = (short) 0x8180;

    /// The name stands right after the header.
    private static final short NAME_POINTER = (short) (0xC000 | HEADER_BYTES);

    private static final int LIFE_SECONDS = 300;

    DnsMessage answer(int withAddress) {
        return new DnsMessage(id, name, Optional.of(withAddress));
    }

    /// As it stands in a datagram, ready to be sent.
    ByteBuffer write() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        out.putShort((short) id).putShort(address.isPresent() ? ANSWER : QUERY);
        out.putShort((short) 1).putShort((short) (address.isPresent() ? 1 : 0));
        out.putShort((short) 0).putShort((short) 0);
        for (String label : name.split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.US_ASCII);
            out.put((byte) text.length).put(text);
        }
        out.put((byte) 0).putShort(TYPE_A).putShort(CLASS_IN);
        address.ifPresent(bits ->
                out.putShort(NAME_POINTER)
                        .putShort(TYPE_A)
                        .putShort(CLASS_IN)
                        .putInt(LIFE_SECONDS)
                        .putShort((short) Integer.BYTES)
                        .putInt(bits));
        return out.flip();
    }

    /// Reads what [#write] writes, and drops all else: this is no resolver for the world.
    static Optional<DnsMessage> read(ByteBuffer in) {
        if (in.remaining() < HEADER_BYTES) {
            return Optional.empty();
        }
        int id = Short.toUnsignedInt(in.getShort());
        short flags = in.getShort();
        short questions = in.getShort();
        short answers = in.getShort();
        in.getInt(); // authorities and additional
        boolean isAnswer = flags == ANSWER;
        if (questions != 1 || answers != (isAnswer ? 1 : 0) || (!isAnswer && flags != QUERY)) {
            return Optional.empty();
        }
        return readName(in).flatMap(name -> readRest(in, id, name, isAnswer));
    }

    private static Optional<String> readName(ByteBuffer in) {
        var name = new StringBuilder();
        while (in.hasRemaining()) {
            int length = Byte.toUnsignedInt(in.get());
            if (length == 0) {
                return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
            }
            if (length > MAX_LABEL_BYTES
                    || length > in.remaining()
                    || name.length() + 1 + length > MAX_NAME_BYTES) {
                return Optional.empty();
            }
            byte[] label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(label, StandardCharsets.US_ASCII));
        }
        return Optional.empty();
    }

    private static Optional<DnsMessage> readRest(
            ByteBuffer in, int id, String name, boolean isAnswer) {
        int questionEnd = 4;
        int answerBytes = 16;
        if (in.remaining() != questionEnd + (isAnswer ? answerBytes : 0)
                || in.getShort() != TYPE_A
                || in.getShort() != CLASS_IN) {
            return Optional.empty();
        }
        if (!isAnswer) {
            return Optional.of(new DnsMessage(id, name, Optional.empty()));
        }
        boolean isAddress =
                in.getShort() == NAME_POINTER
                        && in.getShort() == TYPE_A
                        && in.getShort() == CLASS_IN
                        && in.getInt() >= 0
                        && in.getShort() == Integer.BYTES;
        return isAddress
                ? Optional.of(new DnsMessage(id, name, Optional.of(in.getInt())))
                : Optional.empty();
    }
}
