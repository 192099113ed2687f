package dev.thistle.bench;

import java.util.List;

/// The numbers on the command line of a program of this module: each by its place, all optional.
public final class Arguments {

    private final List<String> given;

    /// Of one call.
    ///
    /// @param given what was written
    public Arguments(String... given) {
        this.given = List.of(given);
    }

    /// The number at a place.
    ///
    /// @param name for the error
    /// @param at its place, from 0
    /// @param unsaid what it is when it is left out
    /// @throws IllegalArgumentException unless it is a whole number, `least..most`
    public int number(String name, int at, int unsaid, int least, int most) {
        if (at >= given.size()) {
            return unsaid;
        }
        String found = given.get(at);
        if (!found.matches("[0-9]{1,9}")
                || Integer.parseInt(found) < least
                || Integer.parseInt(found) > most) {
            throw new IllegalArgumentException(
                    "%s is %s, allowed %d..%d".formatted(name, found, least, most));
        }
        return Integer.parseInt(found);
    }
}
