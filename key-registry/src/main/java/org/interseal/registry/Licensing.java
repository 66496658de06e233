package org.interseal.registry;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.BankLicence;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.Resolution;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * What the authority does. A decision is recorded, with the row that it signs, before it is
 * published. Thread-safe; one decision at a time.
 */
final class Licensing {
  private static final int CHALLENGE_BYTES = 32;

  /** A new application: what its bank must do next, and until when. */
  record Challenge(Application application, Bytes sealed, Instant expiresAt) {}

  /**
   * What an officer's action led to.
   *
   * @param changed false when it was so already
   * @param published whether all readers can see it; if not, the authority keeps trying
   */
  record Decision(BankId bank, long licenceNumber, boolean changed, boolean published) {}

  private final Authority authority;
  private final BankDirectory directory;
  private final Journal journal;
  private final Publication publication;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Duration validity;
  private final Applications applications = new Applications();

  Licensing(
      Authority authority,
      BankDirectory directory,
      Journal journal,
      Publication publication,
      InstantSource clock,
      SecureRandom random,
      Duration validity) {
    this.authority = authority;
    this.directory = directory;
    this.journal = journal;
    this.publication = publication;
    this.clock = clock;
    this.random = random;
    this.validity = validity;
    for (Journal.Line line : journal.lines()) {
      applications.apply(line.event());
      line.event().published().ifPresent(publication::add);
    }
  }

  /** What the challenge to an application's encryption key is sealed under. */
  static Bytes challengeContext(Bytes pkcs10) {
    return Bytes.sha256OfFields("interseal key challenge v1", Bytes.sha256(pkcs10));
  }

  synchronized Outcome<Challenge> apply(
      Bytes pkcs10, Bytes encryptionKeySpki, int partitions, String legalName, String legalForm) {
    Instant now = clock.instant();
    if (!applications.admits(now)) {
      return new Outcome.Refused<>(RegistryProblem.TOO_MANY_APPLICATIONS, "Try again later.");
    }
    Bytes secret = randomBytes(CHALLENGE_BYTES);
    Application application;
    try {
      application =
          new Application(
              randomBytes(16).toBase64Url(),
              CertificationRequest.bank(pkcs10),
              pkcs10,
              CertificationRequest.verify(pkcs10),
              EncryptionKey.fromSpki(encryptionKeySpki),
              partitions,
              legalName,
              legalForm,
              Bytes.sha256(secret),
              now,
              Application.State.CHALLENGED,
              0,
              null);
      application.requireLicensable();
    } catch (InvalidKeyMaterial | IllegalArgumentException e) {
      return new Outcome.Refused<>(
          RegistryProblem.APPLICATION_REFUSED, String.valueOf(e.getMessage()));
    }
    Optional<Outcome.Refused<Challenge>> conflict = conflict(application);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    Bytes sealed =
        KeyWrap.seal(secret, application.encryptionKey(), challengeContext(pkcs10), random);
    applications.challenge(application);
    return new Outcome.Done<>(
        new Challenge(application, sealed, now.plus(Applications.CHALLENGE_LIFE)));
  }

  /** What in the directory stands against licensing this. */
  private <T> Optional<Outcome.Refused<T>> conflict(Application application) {
    for (LicensedBank bank : directory.banks()) {
      boolean same = bank.bank().equals(application.bank());
      if (!same && bank.bank().institution().equals(application.bank().institution())) {
        return refused(RegistryProblem.INSTITUTION_TAKEN, "IBANs could not tell the two apart.");
      }
      if (same && bank.partitions() != application.partitions()) {
        return refused(
            RegistryProblem.APPLICATION_REFUSED, "The number of partitions never changes.");
      }
      if (!same && bank.certifyingKey().equals(application.certifyingKey())) {
        return refused(RegistryProblem.KEY_TAKEN, "The certifying key is in use.");
      }
      boolean knownKey = bank.hasEncryptionKey(application.encryptionKey().id());
      boolean currentKey = same && bank.encryptionKey().equals(application.encryptionKey());
      if (knownKey && !currentKey) {
        return refused(RegistryProblem.KEY_TAKEN, "The encryption key was used before.");
      }
    }
    return Optional.empty();
  }

  private static <T> Optional<Outcome.Refused<T>> refused(RegistryProblem problem, String detail) {
    return Optional.of(new Outcome.Refused<>(problem, detail));
  }

  /**
   * One try: a wrong answer ends the application. The right answer again is answered as the first
   * time.
   */
  synchronized Outcome<Application> prove(String id, Bytes opened) {
    Application application = applications.find(id, clock.instant()).orElse(null);
    if (application == null) {
      return new Outcome.Refused<>(
          RegistryProblem.APPLICATION_UNKNOWN, "It may have expired; apply again.");
    }
    boolean right =
        MessageDigest.isEqual(
            Bytes.sha256(opened).toArray(), application.challengeHash().toArray());
    if (application.state() != Application.State.CHALLENGED) {
      return right
          ? new Outcome.Done<>(application)
          : new Outcome.Refused<>(RegistryProblem.APPLICATION_STATE, "It was proved before.");
    }
    if (!right) {
      applications.dropChallenge(id);
      return new Outcome.Refused<>(RegistryProblem.CHALLENGE_FAILED, "Apply again.");
    }
    JournalEvent event =
        new JournalEvent.ApplicationProved(
            id,
            application.bank(),
            application.pkcs10(),
            application.encryptionKey().spki(),
            application.partitions(),
            application.legalName(),
            application.legalForm(),
            application.challengeHash(),
            application.appliedAt().toEpochMilli());
    return record("applicant", event)
        .<Outcome<Application>>map(p -> new Outcome.Refused<>(p, "Send the proof again."))
        .orElseGet(() -> find(id));
  }

  synchronized Outcome<Application> find(String id) {
    return applications
        .find(id, clock.instant())
        .<Outcome<Application>>map(Outcome.Done::new)
        .orElseGet(() ->
            new Outcome.Refused<>(
                RegistryProblem.APPLICATION_UNKNOWN, "It may have expired; apply again."));
  }

  synchronized List<Application> inState(Application.State state) {
    return applications.inState(state, clock.instant());
  }

  synchronized long count(Application.State state) {
    return applications.count(state);
  }

  synchronized Outcome<Decision> approve(String id, String officer) {
    if (!(find(id) instanceof Outcome.Done<Application>(Application application))) {
      return new Outcome.Refused<>(RegistryProblem.APPLICATION_UNKNOWN, "Nothing to approve.");
    }
    switch (application.state()) {
      case APPROVED -> {
        return unchanged(application.bank(), application.licenceNumber());
      }
      case CHALLENGED, REJECTED -> {
        return new Outcome.Refused<>(
            RegistryProblem.APPLICATION_STATE, "It is " + application.state() + ".");
      }
      case PROVEN -> {}
    }
    Outcome.Refused<Decision> unready = unready();
    if (unready != null) {
      return unready;
    }
    Optional<Outcome.Refused<Decision>> conflict = conflict(application);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    BankLicence licence = licence(application);
    RegistryRow row = RegistryRow.of(licence, authority.rootKey());
    return decide(
        officer,
        new JournalEvent.ApplicationApproved(id, application.bank(), licence.number(), row),
        licence.bank(),
        licence.number(),
        row);
  }

  private BankLicence licence(Application application) {
    Optional<LicensedBank> known = directory.bank(application.bank());
    int highestEpoch =
        known.stream()
            .flatMap(bank -> bank.encryptionKeys().values().stream())
            .mapToInt(Integer::intValue)
            .max()
            .orElse(0);
    boolean keyStays =
        known.filter(b -> b.encryptionKey().equals(application.encryptionKey())).isPresent();
    Instant from = clock.instant().minus(Authority.CLOCK_TOLERANCE);
    Instant until = clock.instant().plus(validity);
    return new BankLicence(
        1,
        application.bank(),
        known.map(LicensedBank::licenceNumber).orElse(0L) + 1,
        certify(application.bank(), application.certifyingKey(), from, until),
        application.encryptionKey().spki(),
        keyStays ? known.map(LicensedBank::epoch).orElse(1) : highestEpoch + 1,
        application.partitions(),
        // New keys do not lift a suspension: that is a decision of its own.
        known.map(LicensedBank::status).orElse(LicenceStatus.ACTIVE),
        from.toEpochMilli(),
        until.toEpochMilli(),
        application.legalName(),
        application.legalForm());
  }

  private Bytes certify(BankId bank, VerificationKey key, Instant from, Instant until) {
    return CertificateIssuer.bank(
        bank, key, authority.root(), authority.rootKey(), from, until, random);
  }

  synchronized Outcome<Application> reject(String id, String officer, String reason) {
    Outcome<Application> found = find(id);
    if (!(found instanceof Outcome.Done<Application>(Application application))) {
      return found;
    }
    switch (application.state()) {
      case REJECTED -> {
        return found;
      }
      case APPROVED, CHALLENGED -> {
        return new Outcome.Refused<>(
            RegistryProblem.APPLICATION_STATE, "It is " + application.state() + ".");
      }
      case PROVEN -> {}
    }
    return record(officer, new JournalEvent.ApplicationRejected(id, application.bank(), reason))
        .<Outcome<Application>>map(p -> new Outcome.Refused<>(p, "Try again."))
        .orElseGet(() -> find(id));
  }

  /** Suspends, reinstates or renews, with the next-numbered licence. */
  synchronized Outcome<Decision> change(
      BankId bank, JournalEvent.Change change, String officer, @Nullable String reason) {
    Outcome.Refused<Decision> unready = unready();
    if (unready != null) {
      return unready;
    }
    LicensedBank licensed = directory.bank(bank).orElse(null);
    BankLicence current = directory.licence(bank).orElse(null);
    if (licensed == null || current == null) {
      return new Outcome.Refused<>(RegistryProblem.BANK_UNKNOWN, "Nothing to change.");
    }
    long number = current.number() + 1;
    BankLicence next =
        switch (change) {
          case SUSPENDED -> current.withStatus(number, LicenceStatus.SUSPENDED);
          case REINSTATED -> current.withStatus(number, LicenceStatus.ACTIVE);
          case RENEWED -> renewed(current, licensed, number);
        };
    if (change != JournalEvent.Change.RENEWED && next.status() == current.status()) {
      return unchanged(bank, current.number());
    }
    RegistryRow row = RegistryRow.of(next, authority.rootKey());
    return decide(
        officer,
        new JournalEvent.LicenceChanged(bank, change, number, reason, row),
        bank,
        number,
        row);
  }

  private BankLicence renewed(BankLicence current, LicensedBank licensed, long number) {
    Instant from = clock.instant().minus(Authority.CLOCK_TOLERANCE);
    Instant until = clock.instant().plus(validity);
    return current.renewed(
        number, certify(current.bank(), licensed.certifyingKey(), from, until), from, until);
  }

  /** The authority's word on a transfer whose target does not answer any more. */
  synchronized Outcome<Decision> resolve(Resolution resolution, String officer) {
    Outcome.Refused<Decision> unready = unready();
    if (unready != null) {
      return unready;
    }
    BankId target = resolution.targetBank();
    if (directory.bank(resolution.bank()).isEmpty() || directory.bank(target).isEmpty()) {
      return new Outcome.Refused<>(
          RegistryProblem.BANK_UNKNOWN, "Both banks must have had a licence.");
    }
    for (Resolution earlier : directory.resolutions(resolution.bank())) {
      if (earlier.equals(resolution)) {
        return unchanged(resolution.bank(), 0);
      }
      if (earlier.concernsSameTransfer(resolution)) {
        return new Outcome.Refused<>(
            RegistryProblem.RESOLUTION_CONTRADICTS, "The first word on a transfer stands.");
      }
    }
    // An active bank may answer at the same moment, and the two could differ.
    if (directory.usable(target, clock.instant())) {
      return new Outcome.Refused<>(RegistryProblem.BANK_ACTIVE, "Suspend the target bank first.");
    }
    RegistryRow row = RegistryRow.of(resolution, authority.rootKey());
    return decide(
        officer,
        new JournalEvent.TransferResolved(
            resolution.bank(), target, resolution.transferNumber(), resolution.settled(), row),
        resolution.bank(),
        0,
        row);
  }

  /** A decision builds on the latest licence, so everything decided must be visible first. */
  private Outcome.@Nullable Refused<Decision> unready() {
    try {
      if (publication.publish()) {
        return null;
      }
    } catch (StoreUnavailable e) {
      // the same answer
    }
    return new Outcome.Refused<>(
        RegistryProblem.STORE_UNAVAILABLE, "Earlier decisions wait for the store.");
  }

  private Outcome<Decision> decide(
      String officer, JournalEvent event, BankId bank, long licenceNumber, RegistryRow row) {
    Optional<RegistryProblem> unrecorded = record(officer, event);
    if (unrecorded.isPresent()) {
      return new Outcome.Refused<>(
          unrecorded.get(), "Restart the authority and look at its journal before trying again.");
    }
    publication.add(row);
    return new Outcome.Done<>(new Decision(bank, licenceNumber, true, publishQuietly()));
  }

  private Outcome<Decision> unchanged(BankId bank, long licenceNumber) {
    return new Outcome.Done<>(new Decision(bank, licenceNumber, false, publishQuietly()));
  }

  /**
   * Tries to publish what is not; whoever asked is told whether it worked, and the timer goes on.
   */
  boolean publishQuietly() {
    try {
      return publication.publish();
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private Optional<RegistryProblem> record(String actor, JournalEvent event) {
    try {
      journal.append(clock.instant(), actor, event);
    } catch (IOException e) {
      return Optional.of(RegistryProblem.JOURNAL_UNAVAILABLE);
    }
    applications.apply(event);
    return Optional.empty();
  }

  private Bytes randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }
}
