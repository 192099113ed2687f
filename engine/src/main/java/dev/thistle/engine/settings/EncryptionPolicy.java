package dev.thistle.engine.settings;

import dev.thistle.protocol.mse.CryptoMethod;
import java.util.List;
import java.util.Set;

/// Which protection connections of one direction must, may or must not have: Message Stream
/// Encryption (MSE) for the handshake, and what protects the payload after it.
///
/// @param level how much MSE is wanted
/// @param cipher what protects the payload of MSE connections
public record EncryptionPolicy(Level level, Cipher cipher) {

    /// How much MSE is wanted.
    public enum Level {
        /// Plaintext only, both ways.
        OFF,
        /// Plaintext first, MSE when that fails. Incoming: both.
        ALLOW,
        /// MSE first, plaintext at once when the other side does not speak it. Incoming: both.
        PREFER,
        /// MSE or nothing. Against a network that resets what it does not know only this resists
        /// being driven back to plaintext.
        REQUIRE
    }

    /// What protects the payload after the MSE handshake.
    public enum Cipher {
        /// Header obfuscation only: the payload is clear.
        PLAINTEXT,
        /// The whole stream is enciphered.
        RC4,
        /// RC4 wherever the choice is ours. A clear payload only where the other side offers
        /// nothing else and MSE is not required.
        ANY
    }

    /// MSE first with the payload enciphered, as Transmission does.
    public static final EncryptionPolicy DEFAULT = new EncryptionPolicy(Level.PREFER, Cipher.ANY);

    /// What an outgoing MSE handshake offers. With [Cipher#ANY] a policy that wants MSE offers RC4
    /// alone: libtorrent would choose plaintext if it could.
    public Set<CryptoMethod> offer() {
        return switch (cipher) {
            case PLAINTEXT -> Set.of(CryptoMethod.PLAINTEXT);
            case RC4 -> Set.of(CryptoMethod.RC4);
            case ANY ->
                    level == Level.ALLOW
                            ? Set.of(CryptoMethod.RC4, CryptoMethod.PLAINTEXT)
                            : Set.of(CryptoMethod.RC4);
        };
    }

    /// What an incoming MSE handshake may choose from, best first.
    public List<CryptoMethod> preference() {
        return switch (cipher) {
            case PLAINTEXT -> List.of(CryptoMethod.PLAINTEXT);
            case RC4 -> List.of(CryptoMethod.RC4);
            case ANY ->
                    level == Level.REQUIRE
                            ? List.of(CryptoMethod.RC4)
                            : List.of(CryptoMethod.RC4, CryptoMethod.PLAINTEXT);
        };
    }

    public boolean permitsPlaintext() {
        return level != Level.REQUIRE;
    }

    public boolean permitsMse() {
        return level != Level.OFF;
    }
}
