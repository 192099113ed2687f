package dev.thistle.engine.discovery;

import static dev.thistle.protocol.tracker.AnnounceForm.CLEAR;
import static dev.thistle.protocol.tracker.AnnounceForm.OBFUSCATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.engine.discovery.Asking.Result;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.RetryIn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnounceRoundTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Tracker A = new Tracker("a", CLEAR);
    private static final Tracker B = new Tracker("b", CLEAR);
    private static final Tracker HIDDEN = new Tracker("h", OBFUSCATED);
    private static final Result FAILED = new Result.Failed("no");
    private static final Result ACCEPTED =
            new Result.Answered(
                    new AnnounceAnswer.Accepted(
                            Duration.ofMinutes(1),
                            Optional.empty(),
                            List.of(),
                            0,
                            0,
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            Set.of(),
                            Optional.empty()));

    private static Asking ask(AnnounceRound round, Tracker expected, long now) {
        assertThat(round.next(now)).isEqualTo(expected);
        var asking = new Asking(expected, AnnounceEvent.STARTED, 1);
        round.asked(asking, now);
        return asking;
    }

    @Test
    void the_next_tracker_is_asked_once_the_first_has_failed() {
        var round = new AnnounceRound(List.of(A, B), false);
        Asking first = ask(round, A, 0);
        assertThat(round.next(SECOND)).isNull();
        first.heard(FAILED);
        ask(round, B, SECOND).heard(FAILED);
        assertThat(round.next(SECOND)).isNull();
        assertThat(round.isOver()).isTrue();
        assertThat(round.isAnswered()).isFalse();
    }

    @Test
    void nobody_else_is_asked_once_one_has_answered() {
        var round = new AnnounceRound(List.of(A, B), false);
        Asking first = ask(round, A, 0);
        first.heard(ACCEPTED);
        assertThat(round.answered(first)).isTrue();
        assertThat(round.next(60 * SECOND)).isNull();
        assertThat(round.isOver()).isTrue();
    }

    @Test
    void one_that_is_silent_is_waited_for_but_not_alone() {
        var round = new AnnounceRound(List.of(A, B), false);
        Asking silent = ask(round, A, 0);
        assertThat(round.wakeAt(0)).isEqualTo(5 * SECOND);
        assertThat(round.next(5 * SECOND - 1)).isNull();
        Asking second = ask(round, B, 5 * SECOND);
        second.heard(FAILED);
        assertThat(round.isOver()).as("the first may still answer").isFalse();
        silent.heard(ACCEPTED);
        assertThat(round.answered(silent)).isTrue();
        assertThat(round.isOver()).isTrue();
    }

    @Test
    void nobody_is_asked_in_the_clear_while_an_obfuscated_tracker_may_still_answer() {
        var round = new AnnounceRound(List.of(HIDDEN, A), false);
        Asking hidden = ask(round, HIDDEN, 0);
        assertThat(round.next(29 * SECOND)).isNull();
        hidden.heard(FAILED);
        ask(round, A, 30 * SECOND);
    }

    @Test
    void a_private_torrent_asks_one_at_a_time() {
        var round = new AnnounceRound(List.of(A, B), true);
        Asking first = ask(round, A, 0);
        assertThat(round.next(29 * SECOND)).isNull();
        first.heard(FAILED);
        ask(round, B, 30 * SECOND);
    }

    @Test
    void a_round_that_has_begun_loses_its_impatience_when_the_torrent_is_private() {
        var round = new AnnounceRound(List.of(A, B), false);
        assertThat(round.next(0)).isEqualTo(A);
        round.asked(new Asking(A, AnnounceEvent.STARTED, 1), 0);
        round.oneAtATime();
        assertThat(round.next(10 * SECOND)).isNull();
    }

    @Test
    void an_answer_from_an_earlier_round_does_not_count() {
        var late = new Asking(A, AnnounceEvent.STARTED, 1);
        late.heard(ACCEPTED);
        var round = new AnnounceRound(List.of(B), false);
        assertThat(round.answered(late)).isFalse();
        assertThat(round.isOver()).isFalse();
    }

    @Test
    void asking_fails_when_all_its_calls_have_and_says_the_best_reason() {
        var asking = new Asking(A, AnnounceEvent.STARTED, 4);
        asking.heard(new Result.NoAddress("has no IPv6 address"));
        assertThat(asking.reason()).isEqualTo("has no IPv6 address");
        asking.heard(FAILED);
        assertThat(asking.reason()).isEqualTo("no");
        asking.heard(
                new Result.Answered(
                        new AnnounceAnswer.Refused("unregistered", new RetryIn.Never())));
        assertThat(asking.hasFailed()).isFalse();
        asking.heard(FAILED);
        assertThat(asking.hasFailed()).isTrue();
        assertThat(asking.reason()).isEqualTo("unregistered");
        assertThat(asking.retryIn()).isEqualTo(new RetryIn.Never());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "CLEAR,      Unregistered torrent pass,  PT30M",
        "CLEAR,      Torrent not registered with this tracker., PT30M",
        "CLEAR,      Requested download is not authorized for use with this tracker., PT30M",
        "CLEAR,      Not authorized: no passkey, ",
        "OBFUSCATED, unregistered torrent, ",
    })
    void who_does_not_know_the_torrent_is_not_soon_asked_again(
            AnnounceForm form, String reason, @Nullable Duration wait) {
        var asking = new Asking(new Tracker("http://a/a", form), AnnounceEvent.STARTED, 1);
        asking.heard(new Result.Answered(new AnnounceAnswer.Refused(reason, new RetryIn.Unsaid())));
        assertThat(asking.retryIn())
                .isEqualTo(wait == null ? new RetryIn.Unsaid() : new RetryIn.After(wait));
    }

    @Test
    void a_tracker_that_does_not_know_the_torrent_may_say_itself_when_to_ask() {
        var asking = new Asking(A, AnnounceEvent.STARTED, 1);
        var said = new RetryIn.After(Duration.ofMinutes(2));
        asking.heard(new Result.Answered(new AnnounceAnswer.Refused("unregistered torrent", said)));
        assertThat(asking.retryIn()).isEqualTo(said);
    }

    @Test
    void asking_has_not_failed_when_one_of_its_calls_was_answered() {
        var asking = new Asking(A, AnnounceEvent.STARTED, 2);
        asking.heard(ACCEPTED);
        assertThat(asking.isFirstAnswer()).isTrue();
        asking.heard(FAILED);
        assertThat(asking.hasFailed()).isFalse();
    }
}
