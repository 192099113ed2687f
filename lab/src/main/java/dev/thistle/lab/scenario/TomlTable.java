package dev.thistle.lab.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One table of a TOML document, read key by key: every answer is of the wanted type and within its
/// limits, or a [ScenarioException] says where it is not.
final class TomlTable {

    private static final int LONGEST_SHOWN = 40;

    private final Source source;
    private final String path;
    private final JsonNode node;

    /// @param file for messages
    private record Source(String file, KeyLines lines) {}

    private TomlTable(Source source, String path, JsonNode node) {
        this.source = source;
        this.path = path;
        this.node = node;
    }

    /// The whole document.
    static TomlTable root(String file, KeyLines lines, JsonNode node) {
        return new TomlTable(new Source(file, lines), "", node);
    }

    /// Refuses every key but these.
    TomlTable only(String... keys) throws ScenarioException {
        for (String key : new TreeSet<>(node.propertyNames())) {
            if (!List.of(keys).contains(key)) {
                throw mistake(key, "unknown key", String.join(" ", keys));
            }
        }
        return this;
    }

    boolean has(String key) {
        return node.has(key);
    }

    Set<String> keys() {
        return new TreeSet<>(node.propertyNames());
    }

    /// A table below this one; empty if it is absent.
    TomlTable table(String key) throws ScenarioException {
        JsonNode found = node.get(key);
        if (found == null) {
            return new TomlTable(source, below(key), JsonNodeFactory.instance.objectNode());
        }
        if (!found.isObject()) {
            throw mistake(key, shown(found), "a table");
        }
        return new TomlTable(source, below(key), found);
    }

    /// The tables of an array; none if it is absent.
    List<TomlTable> tables(String key, int max) throws ScenarioException {
        var tables = new ArrayList<TomlTable>();
        JsonNode found = array(key, max, "tables");
        for (int i = 0; i < found.size(); i++) {
            if (!found.get(i).isObject()) {
                throw mistake("%s[%d]".formatted(key, i), shown(found.get(i)), "a table");
            }
            tables.add(new TomlTable(source, below("%s[%d]".formatted(key, i)), found.get(i)));
        }
        return tables;
    }

    /// The strings of an array, none twice; none if it is absent.
    List<String> texts(String key, List<String> allowed) throws ScenarioException {
        var texts = new ArrayList<String>();
        JsonNode found = array(key, allowed.size(), "strings");
        for (int i = 0; i < found.size(); i++) {
            String element = "%s[%d]".formatted(key, i);
            JsonNode text = found.get(i);
            if (!text.isString() || !allowed.contains(text.stringValue())) {
                throw mistake(element, shown(text), String.join(" ", allowed));
            }
            if (texts.contains(text.stringValue())) {
                throw mistake(element, shown(text) + " twice", "each once");
            }
            texts.add(text.stringValue());
        }
        return texts;
    }

    private JsonNode array(String key, int max, String of) throws ScenarioException {
        JsonNode found = node.get(key);
        if (found == null) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!found.isArray()) {
            throw mistake(key, shown(found), "an array of " + of);
        }
        if (found.size() > max) {
            throw mistake(key, found.size() + " " + of, "at most " + max);
        }
        return found;
    }

    /// @param form what the text has to look like, in words
    String text(String key, Pattern pattern, String form) throws ScenarioException {
        JsonNode found = required(key, form);
        if (!found.isString() || !pattern.matcher(found.stringValue()).matches()) {
            throw mistake(key, shown(found), form);
        }
        return found.stringValue();
    }

    /// One of the constants, written in lower case with hyphens.
    <E extends Enum<E>> E choice(String key, Class<E> type, @Nullable E absent)
            throws ScenarioException {
        String allowed =
                Stream.of(type.getEnumConstants())
                        .map(TomlTable::written)
                        .collect(Collectors.joining("|"));
        if (absent != null && !has(key)) {
            return absent;
        }
        JsonNode found = required(key, allowed);
        for (E each : type.getEnumConstants()) {
            if (found.isString() && written(each).equals(found.stringValue())) {
                return each;
            }
        }
        throw mistake(key, shown(found), allowed);
    }

    /// `BOTH_ENDS` is `both-ends` in files.
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isTrue(String key, boolean absent) throws ScenarioException {
        JsonNode found = node.get(key);
        if (found != null && !found.isBoolean()) {
            throw mistake(key, shown(found), "true|false");
        }
        return found == null ? absent : found.booleanValue();
    }

    long whole(String key, long min, long max) throws ScenarioException {
        String allowed = "a whole number %d..%d".formatted(min, max);
        JsonNode found = required(key, allowed);
        if (!found.isIntegralNumber()
                || !found.canConvertToLong()
                || found.longValue() < min
                || found.longValue() > max) {
            throw mistake(key, shown(found), allowed);
        }
        return found.longValue();
    }

    int count(String key, int min, int max) throws ScenarioException {
        return (int) whole(key, min, max);
    }

    int count(String key, int min, int max, int absent) throws ScenarioException {
        return has(key) ? count(key, min, max) : absent;
    }

    OptionalInt optionalCount(String key, int max) throws ScenarioException {
        return has(key) ? OptionalInt.of(count(key, 0, max)) : OptionalInt.empty();
    }

    double share(String key, double max, double absent) throws ScenarioException {
        return optionalShare(key, max).orElse(absent);
    }

    OptionalDouble optionalShare(String key, double max) throws ScenarioException {
        JsonNode found = node.get(key);
        if (found == null) {
            return OptionalDouble.empty();
        }
        double value = found.isNumber() ? found.doubleValue() : Double.NaN;
        if (!(value >= 0 && value <= max)) {
            throw mistake(key, shown(found), "a number 0..%s".formatted(plain(max)));
        }
        return OptionalDouble.of(value);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    Duration duration(String key, Duration min, Duration max) throws ScenarioException {
        String allowed =
                "a duration such as \"40ms\" or \"60s\", %s..%s"
                        .formatted(HumanUnits.durationText(min), HumanUnits.durationText(max));
        JsonNode found = required(key, allowed);
        Optional<Duration> duration =
                found.isString() ? HumanUnits.duration(found.stringValue()) : Optional.empty();
        return duration.filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0)
                .orElseThrow(() -> mistake(key, shown(found), allowed));
    }

    Duration duration(String key, Duration min, Duration max, Duration absent)
            throws ScenarioException {
        return has(key) ? duration(key, min, max) : absent;
    }

    long bytes(String key, long min, long max) throws ScenarioException {
        String allowed =
                "a size such as \"512KiB\", %s..%s"
                        .formatted(HumanUnits.bytesText(min), HumanUnits.bytesText(max));
        JsonNode found = required(key, allowed);
        OptionalLong bytes =
                found.isString() ? HumanUnits.bytes(found.stringValue()) : OptionalLong.empty();
        return within(key, found, bytes, min, max, allowed);
    }

    long bytes(String key, long min, long max, long absent) throws ScenarioException {
        return has(key) ? bytes(key, min, max) : absent;
    }

    long rate(String key, long min, long max) throws ScenarioException {
        String allowed =
                "a rate such as \"20mbit\", %s..%s"
                        .formatted(
                                HumanUnits.bitsPerSecondText(min),
                                HumanUnits.bitsPerSecondText(max));
        JsonNode found = required(key, allowed);
        OptionalLong rate =
                found.isString()
                        ? HumanUnits.bitsPerSecond(found.stringValue())
                        : OptionalLong.empty();
        return within(key, found, rate, min, max, allowed);
    }

    private long within(
            String key, JsonNode found, OptionalLong value, long min, long max, String allowed)
            throws ScenarioException {
        if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
            throw mistake(key, shown(found), allowed);
        }
        return value.getAsLong();
    }

    private JsonNode required(String key, String allowed) throws ScenarioException {
        JsonNode found = node.get(key);
        if (found == null) {
            throw mistake(key, "missing", allowed);
        }
        return found;
    }

    /// The mistake at a key of this table.
    ScenarioException mistake(String key, String found, String allowed) {
        String where = below(key);
        return new ScenarioException(
                "%s:%d".formatted(source.file(), source.lines().line(where)),
                where,
                found,
                allowed);
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// What stands there, as far as it fits into a line.
    private static String shown(JsonNode found) {
        String text =
                found.isString()
                        ? "'%s'".formatted(found.stringValue())
                        : found.isObject()
                                ? "a table"
                                : found.isArray() ? "an array" : found.asString();
        String oneLine = text.replaceAll("\\p{Cntrl}", "?");
        return oneLine.length() <= LONGEST_SHOWN
                ? oneLine
                : oneLine.substring(0, LONGEST_SHOWN) + "...";
    }
}
