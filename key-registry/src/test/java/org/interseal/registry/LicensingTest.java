package org.interseal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.registry.Licensing.Decision;
import org.interseal.store.DurableInsert;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicensingTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final BankId BANK = new BankId("BKABXX00");
  private static final Unkindness TAKES_NO_ROWS =
      Unkindness.none().withWrites(new Unkindness.Writes(0, 0, 0, 1, 0, 0));

  private final SigningKey certifying = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
  private final DecryptionKey decryption = DecryptionKey.generate(RANDOM);
  private final Authority authority = newAuthority();
  private final VirtualTime time = new VirtualTime(NOW);
  private final UnkindStore store = UnkindStore.shared(1, time, time, Unkindness.none());
  @TempDir Path directory;
  private Journal journal;

  private static Authority newAuthority() {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ES256, RANDOM);
    return new Authority(
        CertificateIssuer.root(
            "Territory", key, NOW.minusSeconds(600), NOW.plus(Duration.ofDays(3650)), RANDOM),
        key);
  }

  @BeforeEach
  void openJournal() {
    journal = Journal.open(directory.resolve("journal.jsonl"));
  }

  @AfterEach
  void closeJournal() throws Exception {
    journal.close();
  }

  private Licensing licensing() throws Exception {
    BankDirectory banks = BankDirectory.of(authority.root(), store);
    DurableInsert insert =
        new DurableInsert(
            store,
            TableName.BANK_KEYS,
            DurableInsert.ReadBy.CURSOR,
            new DurableInsert.Limits(3, -1, 1), // gives up at the first failure
            time,
            time::nanoTime,
            RANDOM);
    return new Licensing(
        authority,
        banks,
        journal,
        new Publication(insert, banks),
        time,
        RANDOM,
        Duration.ofDays(730));
  }

  private BankDirectory seenByMembers() throws Exception {
    BankDirectory members = BankDirectory.of(authority.root(), store);
    members.refresh();
    return members;
  }

  private String proven(Licensing licensing) throws Exception {
    Licensing.Challenge challenge = value(apply(licensing));
    Bytes opened =
        KeyWrap.open(
            challenge.sealed(),
            decryption,
            Licensing.challengeContext(challenge.application().pkcs10()));
    return value(licensing.prove(challenge.application().id(), opened)).id();
  }

  private Outcome<Licensing.Challenge> apply(Licensing licensing) {
    return licensing.apply(
        CertificationRequest.forBank(BANK, certifying),
        decryption.encryptionKey().spki(),
        1,
        "Bank",
        "plc");
  }

  private static <T> T value(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> done.value();
      case Outcome.Refused<T> refused -> throw new AssertionError(refused.toString());
    };
  }

  private static RegistryProblem problem(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> done -> throw new AssertionError(done.toString());
      case Outcome.Refused<?> refused -> refused.problem();
    };
  }

  @Test
  void aDecisionThatTheStoreDoesNotTakeIsPublishedLater() throws Exception {
    Licensing licensing = licensing();
    String id = proven(licensing);
    store.become(TAKES_NO_ROWS);
    Decision decision = value(licensing.approve(id, "officer:a"));

    assertThat(decision.changed()).isTrue();
    assertThat(decision.published()).isFalse();
    assertThat(problem(licensing.change(BANK, JournalEvent.Change.SUSPENDED, "officer:a", null)))
        .isEqualTo(RegistryProblem.STORE_UNAVAILABLE);
    store.become(Unkindness.none());
    assertThat(licensing.publishQuietly()).isTrue();
    assertThat(seenByMembers().usable(BANK, NOW)).isTrue();
    assertThat(
            value(licensing.change(BANK, JournalEvent.Change.SUSPENDED, "officer:a", null))
                .licenceNumber())
        .isEqualTo(2);
  }

  @Test
  void aCrashBetweenTheJournalAndTheStoreLosesNothingAndSignsNothingTwice() throws Exception {
    Licensing first = licensing();
    String id = proven(first);
    store.become(TAKES_NO_ROWS);
    value(first.approve(id, "officer:a"));
    store.become(Unkindness.none());
    journal.close();
    openJournal();
    Licensing second = licensing();

    assertThat(value(second.approve(id, "officer:b")).changed()).isFalse();
    assertThat(seenByMembers().bank(BANK).orElseThrow().licenceNumber()).isEqualTo(1);
    assertThat(seenByMembers().version()).isEqualTo(1);
  }

  @Test
  void whileTheStoreIsSilentNothingIsDecided() throws Exception {
    Licensing licensing = licensing();
    String id = proven(licensing);
    store.become(Unkindness.outage());

    assertThat(problem(licensing.approve(id, "officer:a")))
        .isEqualTo(RegistryProblem.STORE_UNAVAILABLE);
    assertThat(value(licensing.find(id)).state()).isEqualTo(Application.State.PROVEN);
  }

  @Test
  void whatCannotBeRecordedIsNotDecided() throws Exception {
    Licensing licensing = licensing();
    String id = proven(licensing);
    journal.close();

    assertThat(problem(licensing.approve(id, "officer:a")))
        .isEqualTo(RegistryProblem.JOURNAL_UNAVAILABLE);
    assertThat(seenByMembers().bank(BANK)).isEmpty();
  }

  @Test
  void anAnswerToAnExpiredChallengeComesTooLate() throws Exception {
    Licensing licensing = licensing();
    Licensing.Challenge challenge = value(apply(licensing));
    Bytes opened =
        KeyWrap.open(
            challenge.sealed(),
            decryption,
            Licensing.challengeContext(challenge.application().pkcs10()));
    time.advance(Applications.CHALLENGE_LIFE.toMillis());

    assertThat(problem(licensing.prove(challenge.application().id(), opened)))
        .isEqualTo(RegistryProblem.APPLICATION_UNKNOWN);
  }

  @Test
  void strangersFillNeitherTheDiskNorTheMemory() throws Exception {
    Licensing licensing = licensing();
    for (int i = 0; i < Applications.MAX_CHALLENGED; i++) {
      value(apply(licensing));
    }

    assertThat(problem(apply(licensing))).isEqualTo(RegistryProblem.TOO_MANY_APPLICATIONS);
    assertThat(journal.lines()).isEmpty();
    time.advance(Applications.CHALLENGE_LIFE.toMillis());
    value(apply(licensing));
  }
}
