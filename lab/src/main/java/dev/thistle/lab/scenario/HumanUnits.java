package dev.thistle.lab.scenario;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Quantities as people write them: `20mbit`, `512KiB`, `40ms`. Nothing comes back for what is not
/// written so, or has more digits than any quantity of a laboratory needs.
final class HumanUnits {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s?([a-zA-Z]{1,4})");

    /// As tc counts: decimal.
    private static final Map<String, Long> BITS_PER_SECOND =
            Map.of("bit", 1L, "kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);

    private static final Map<String, Long> BYTES =
            Map.of(
                    "b", 1L,
                    "kb", 1_000L,
                    "mb", 1_000_000L,
                    "gb", 1_000_000_000L,
                    "kib", 1L << 10,
                    "mib", 1L << 20,
                    "gib", 1L << 30);

    private static final Map<String, Long> NANOS =
            Map.of(
                    "us", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);

    private HumanUnits() {}

    static OptionalLong bitsPerSecond(String text) {
        return parse(text, BITS_PER_SECOND);
    }

    static OptionalLong bytes(String text) {
        return parse(text, BYTES);
    }

    static Optional<Duration> duration(String text) {
        OptionalLong nanos = parse(text, NANOS);
        return nanos.isPresent()
                ? Optional.of(Duration.ofNanos(nanos.getAsLong()))
                : Optional.empty();
    }

    private static OptionalLong parse(String text, Map<String, Long> units) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
        if (unit == null) {
            return OptionalLong.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return count > Long.MAX_VALUE / unit ? OptionalLong.empty() : OptionalLong.of(count * unit);
    }

    /// `20mbit`.
    static String bitsPerSecondText(long bitsPerSecond) {
        return text(bitsPerSecond, 1000, "bit", "kbit", "mbit", "gbit");
    }

    /// `512KiB`.
    static String bytesText(long bytes) {
        return text(bytes, 1024, "B", "KiB", "MiB", "GiB");
    }

    private static String text(long count, int step, String... units) {
        int unit = 0;
        while (count != 0 && count % step == 0 && unit < units.length - 1) {
            count /= step;
            unit++;
        }
        return count + units[unit];
    }

    /// `40ms`.
    static String durationText(Duration duration) {
        long micros = duration.toNanos() / 1000;
        if (micros % 1000 != 0) {
            return micros + "us";
        }
        long millis = micros / 1000;
        return millis % 1000 != 0 || millis == 0 ? millis + "ms" : millis / 1000 + "s";
    }
}
