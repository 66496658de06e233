package org.interseal.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;

/**
 * All applications: those that are proved come from the journal, those that only asked live in
 * memory, bounded in number and time, so that strangers can fill neither the disk nor the officers'
 * list. Not thread-safe.
 */
final class Applications {
  /** Most applications that wait for their proof. */
  static final int MAX_CHALLENGED = 1_000;

  /** Most applications that wait for an officer. */
  static final int MAX_UNDECIDED = 1_000;

  /** How long a challenge can be answered. */
  static final Duration CHALLENGE_LIFE = Duration.ofMinutes(15);

  private final Map<String, Application> challenged = new LinkedHashMap<>();
  private final Map<String, Application> known = new LinkedHashMap<>();

  /** Whether there is room for one more. */
  boolean admits(Instant now) {
    expire(now);
    return challenged.size() < MAX_CHALLENGED && undecided() < MAX_UNDECIDED;
  }

  void challenge(Application application) {
    challenged.put(application.id(), application);
  }

  Optional<Application> find(String id, Instant now) {
    expire(now);
    return Optional.ofNullable(known.getOrDefault(id, challenged.get(id)));
  }

  /** A challenge can be answered once. */
  void dropChallenge(String id) {
    challenged.remove(id);
  }

  private void expire(Instant now) {
    challenged.values().removeIf(a -> !now.isBefore(a.appliedAt().plus(CHALLENGE_LIFE)));
  }

  private long undecided() {
    return count(Application.State.PROVEN);
  }

  List<Application> inState(Application.State state, Instant now) {
    expire(now);
    Collection<Application> from =
        state == Application.State.CHALLENGED ? challenged.values() : known.values();
    return from.stream().filter(a -> a.state() == state).toList();
  }

  long count(Application.State state) {
    return state == Application.State.CHALLENGED
        ? challenged.size()
        : known.values().stream().filter(a -> a.state() == state).count();
  }

  /** Takes on what the journal says. */
  void apply(JournalEvent event) {
    switch (event) {
      case JournalEvent.ApplicationProved proved -> {
        challenged.remove(proved.application());
        known.put(proved.application(), application(proved));
      }
      case JournalEvent.ApplicationApproved approved ->
          known.computeIfPresent(
              approved.application(),
              (_, a) -> a.in(Application.State.APPROVED, approved.licenceNumber(), null));
      case JournalEvent.ApplicationRejected rejected ->
          known.computeIfPresent(
              rejected.application(),
              (_, a) -> a.in(Application.State.REJECTED, 0, rejected.reason()));
      case JournalEvent.LicenceChanged _, JournalEvent.TransferResolved _ -> {}
    }
  }

  private static Application application(JournalEvent.ApplicationProved proved) {
    try {
      return new Application(
          proved.application(),
          proved.bank(),
          proved.pkcs10(),
          CertificationRequest.verify(proved.pkcs10()),
          EncryptionKey.fromSpki(proved.encryptionKey()),
          proved.partitions(),
          proved.legalName(),
          proved.legalForm(),
          proved.challengeHash(),
          Instant.ofEpochMilli(proved.appliedAtMillis()),
          Application.State.PROVEN,
          0,
          null);
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException("the journal holds an application that was never valid", e);
    }
  }
}
