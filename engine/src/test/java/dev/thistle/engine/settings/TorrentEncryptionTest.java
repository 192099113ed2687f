package dev.thistle.engine.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorrentEncryptionTest {

    private static EncryptionPolicy policy(Level level) {
        return new EncryptionPolicy(level, Cipher.ANY);
    }

    @ParameterizedTest(name = "session {0}, torrent {1}")
    @CsvSource({
        "OFF,     OFF,     OFF",
        "OFF,     ALLOW,   OFF",
        "OFF,     PREFER,  OFF",
        "OFF,     REQUIRE, REQUIRE",
        "ALLOW,   OFF,     OFF",
        "ALLOW,   PREFER,  PREFER",
        "ALLOW,   REQUIRE, REQUIRE",
        "PREFER,  ALLOW,   ALLOW",
        "REQUIRE, OFF,     REQUIRE",
        "REQUIRE, PREFER,  REQUIRE",
    })
    void callers_have_to_expect_what_both_permit(Level session, Level torrent, Level expected) {
        TorrentEncryption encryption = TorrentEncryption.of(policy(torrent));
        assertThat(encryption.incomingLevel(policy(session))).isEqualTo(expected);
    }

    @Test
    void what_a_torrent_does_not_say_is_as_its_session_has_it() {
        var outward = new TorrentEncryption(Optional.of(policy(Level.OFF)), Optional.empty());
        assertThat(outward.incomingLevel(policy(Level.PREFER))).isEqualTo(Level.PREFER);
    }
}
