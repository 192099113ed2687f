package dev.thistle.cli;

import dev.thistle.engine.settings.RateLimits;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// Bytes a second as people type them: `800000`, `500K`, `2M`, `1.5M`; K, M and G are powers of
/// 1024, as for aria2 and curl. `0` is no limit.
record Rate(long bytesPerSecond) {

    static final Rate NO_LIMIT = new Rate(0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)([KMG]?)");

    static Rate parse(String text) {
        Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        long unit =
                matcher.matches()
                        ? switch (matcher.group(2)) {
                            case "K" -> 1L << 10;
                            case "M" -> 1L << 20;
                            case "G" -> 1L << 30;
                            default -> 1L;
                        }
                        : 0;
        long rate = unit == 0 ? -1 : Math.round(Double.parseDouble(matcher.group(1)) * unit);
        if (rate < 0 || (rate > 0 && rate < RateLimits.LEAST)) {
            throw new TypeConversionException(
                    "'%s', allowed bytes a second such as 500K or 2M, from %d, or 0 for no limit"
                            .formatted(text, RateLimits.LEAST));
        }
        return new Rate(rate);
    }
}
