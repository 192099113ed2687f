package dev.thistle.lab.background;

import java.util.List;
import java.util.stream.LongStream;

/// What reading one page of the web fetches: a document, then 5 to 80 objects of 200 B to 1 MiB,
/// both lognormal.
///
/// @param document its size in bytes
/// @param objects their sizes in bytes
record Page(long document, List<Long> objects) {

    Page {
        objects = List.copyOf(objects);
    }

    static Page draw(Chance chance) {
        long document = chance.lognormal(30_000, 0.7, 2_000, 300_000);
        long count = chance.lognormal(20, 0.8, 5, 80);
        return new Page(
                document,
                LongStream.range(0, count)
                        .mapToObj(_ -> chance.lognormal(8_000, 1.3, 200, 1 << 20))
                        .toList());
    }
}
