package org.interseal.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** Parties, keys and a letter, the same on every run. */
final class Fixture {
  static final Instant NOW = Instant.parse("2026-11-01T12:00:00.123Z");
  static final BankId BANK = new BankId("BKABXX00");
  static final BankId OTHER_BANK = new BankId("BKCDXX00");
  static final Party DEVICE = Party.device(BANK, "device-1");
  static final String BODY =
      "{\"instructionId\":\"rent-2026-11\",\"amount\":\"1250.00\",\"currency\":\"CZK\"}";

  private Fixture() {}

  /** A generator that repeats itself: SHA-256 in counter mode over the label. */
  static SecureRandom random(String label) {
    return new Repeatable(label);
  }

  static Letter letter() {
    return letter(Bytes.utf8(BODY));
  }

  static Letter letter(Bytes body) {
    return new Letter(
        DEVICE,
        Party.bank(BANK),
        "payment.instruction",
        Bytes.hex("000102030405060708090a0b0c0d0e0f"),
        7,
        NOW,
        NOW.plus(Duration.ofHours(24)),
        body);
  }

  static AuthorKeys author(Party party, VerificationKey key) {
    return (author, id) ->
        author.equals(party) && id.equals(key.id()) ? Optional.of(key) : Optional.empty();
  }

  private static final class Repeatable extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final String label;
    private long counter;

    Repeatable(String label) {
      this.label = label;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int at = 0; at < bytes.length; at += digest.getDigestLength()) {
          byte[] block = digest.digest(Bytes.utf8(label + "/" + counter++).toArray());
          System.arraycopy(block, 0, bytes, at, Math.min(block.length, bytes.length - at));
        }
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
