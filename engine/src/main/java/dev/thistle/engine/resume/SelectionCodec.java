package dev.thistle.engine.resume;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;

import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.Selection;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is wanted of a torrent, in a resume file. Stateless; levels are those of [Priority].
///
///     d 5:files l li2e i7ee … e   6:pieces l …   10:sequential i0e   5:usual i4e e
final class SelectionCodec {

    private SelectionCodec() {}

    static Dict encode(Selection wanted) {
        return Dict.builder()
                .put("files", pairs(wanted.files()))
                .put("pieces", pairs(wanted.pieces()))
                .put("sequential", wanted.sequential() ? 1 : 0)
                .put("usual", wanted.usual().level())
                .build();
    }

    private static Items pairs(Map<Integer, Priority> levels) {
        var pairs = new ArrayList<BencodeValue>();
        new TreeMap<>(levels)
                .forEach((number, priority) ->
                        pairs.add(new Items(List.of(new Int(number), new Int(priority.level())))));
        return new Items(pairs);
    }

    static Selection decode(Dict wanted) throws MalformedException {
        long usual = wanted.integer("usual").orElse((long) Priority.NORMAL.level());
        return new Selection(
                priority(usual, "usual"),
                levels(wanted, "files"),
                levels(wanted, "pieces"),
                wanted.integer("sequential").orElse(0L) == 1);
    }

    private static Map<Integer, Priority> levels(Dict wanted, String key)
            throws MalformedException {
        var levels = new HashMap<Integer, Priority>();
        for (BencodeValue value : wanted.list(key).orElse(List.of())) {
            if (value instanceof Items(var pair)
                    && pair.size() == 2
                    && pair.get(0) instanceof Int(long number)
                    && pair.get(1) instanceof Int(long level)
                    && number >= 0
                    && number <= Integer.MAX_VALUE) {
                levels.put((int) number, priority(level, key));
            } else {
                throw new MalformedException(
                        BAD_VALUE, "resume.wanted." + key, "allowed pairs of number and level");
            }
        }
        return levels;
    }

    private static Priority priority(long level, String key) throws MalformedException {
        if (level < 0 || level > Priority.MAX_LEVEL) {
            throw new MalformedException(
                    BAD_VALUE,
                    "resume.wanted." + key,
                    "level %d, allowed 0..%d".formatted(level, Priority.MAX_LEVEL));
        }
        return new Priority((int) level);
    }
}
