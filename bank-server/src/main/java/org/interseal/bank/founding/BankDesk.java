package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * What the bank's operators do at its founding vault. Each act is signed by a registered operator
 * and stands in the journal before it begins and when it is complete; what was interrupted is
 * finished by doing it again.
 *
 * <p>Eviction takes one operator, because it is urgent and takes nothing that cannot be given
 * again. Whoever acts holds the {@link FoundingLock} since before the vault was opened; reading the
 * journal needs none. Not thread-safe.
 */
public final class BankDesk {
  static final String POLICY_FILE = "operators.jws";
  static final String JOURNAL_FILE = "operators-journal.txt";
  private static final int CHALLENGE_BYTES = 32;
  private static final Bytes NOTHING = Bytes.of(new byte[0]);

  /** Takes a node's access to the databases away. */
  @FunctionalInterface
  public interface DatabaseUsers {
    /** Done when it returns, and harmless when it was done before. */
    void takeAway(Party node) throws IOException;
  }

  private final BankId bank;
  private final BankFounding founding;
  private final Path directory;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * @param directory where the founding vault is
   */
  public BankDesk(
      BankId bank,
      BankFounding founding,
      Path directory,
      InstantSource clock,
      SecureRandom random) {
    this.bank = bank;
    this.founding = founding;
    this.directory = directory;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Registers the bank's operators, once: a list that is there is never replaced.
   *
   * @throws RefusedByBank when others are registered
   */
  public void register(List<Operator> operators) throws IOException {
    OperatorPolicy policy = OperatorPolicy.of(bank, operators);
    Path file = directory.resolve(POLICY_FILE);
    if (Files.exists(file)) {
      if (!policy().equals(policy)) {
        throw new RefusedByBank("other operators are registered already in " + file);
      }
      return;
    }
    Path part = directory.resolve(POLICY_FILE + ".part");
    Files.writeString(part, founding.signOperators(policy));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private OperatorPolicy policy() throws IOException {
    Path file = directory.resolve(POLICY_FILE);
    if (!Files.exists(file)) {
      throw new RefusedByBank(
          "no operators are registered: make their keys with bank operator and register them with bank found");
    }
    return OperatorPolicy.verify(Files.readString(file), bank, certifying());
  }

  private VerificationKey certifying() {
    return founding.certifyingKey();
  }

  /** The journal, checked line by line. */
  public OperatorsJournal journal() throws IOException {
    return OperatorsJournal.open(directory.resolve(JOURNAL_FILE), policy(), clock);
  }

  private OperatorsJournal journalFor(OperatorKey operator) throws IOException {
    requireRegistered(operator);
    return journal();
  }

  private void requireRegistered(OperatorKey operator) throws IOException {
    Optional<Operator> registered = policy().named(operator.name());
    if (registered.filter(operator.operator()::equals).isEmpty()) {
      throw new RefusedByBank(operator.name() + " is not registered as an operator with this key");
    }
  }

  /**
   * Takes a node's voice and its access away, at once and for ever: the database user first, so
   * that it inserts nothing more, then the certificate, then a new epoch for those that stay. What
   * is wrong with the journal does not hinder it.
   *
   * @param loud is told what is wrong with the journal
   */
  public void evict(
      Party node,
      OperatorKey operator,
      DatabaseUsers users,
      Consumer<String> loud,
      BankDirectory known,
      Store shared,
      Store bankStore)
      throws IOException, StoreUnavailable {
    requireRegistered(operator);
    founding.requireKnown(node, known);
    OperatorsJournal journal = journalWhateverItIs(operator, loud);
    note(journal, operator, "evict", node, loud);
    users.takeAway(node);
    founding.evict(node, known, shared, bankStore);
    note(journal, operator, "evicted", node, loud);
  }

  /** Goes on in a new journal when there is a broken one, and in none when that cannot be. */
  private @Nullable OperatorsJournal journalWhateverItIs(
      OperatorKey operator, Consumer<String> loud) {
    try {
      return journal();
    } catch (IOException broken) {
      loud.accept("THE JOURNAL IS BROKEN, the eviction goes on: " + broken.getMessage());
    }
    try {
      OperatorsJournal next =
          OperatorsJournal.continueBroken(
              directory.resolve(JOURNAL_FILE), policy(), clock, operator);
      loud.accept("it was put aside as " + next.acts().getFirst().subject() + ": find out who did");
      return next;
    } catch (IOException e) {
      loud.accept("NOTHING IS WRITTEN DOWN, no new journal can be begun: " + e.getMessage());
      return null;
    }
  }

  private static void note(
      @Nullable OperatorsJournal journal,
      OperatorKey operator,
      String action,
      Party node,
      Consumer<String> loud) {
    if (journal != null) {
      try {
        journal.append(operator, action, node.wire(), NOTHING);
      } catch (IOException e) {
        loud.accept(
            "NOT WRITTEN DOWN: " + action + " " + node.wire() + ", the eviction goes on: " + e);
      }
    }
  }

  /** What {@link #approve} came to. */
  public enum Approval {
    /** The server has to open the challenge first. */
    CHALLENGED,
    /** It is certified, has the bank's keys and may start. */
    ADMITTED
  }

  /**
   * Approves, as a second operator, that a server joins: at first signs the approval and leaves a
   * challenge; once that is answered, certifies the server and wraps the bank's keys to it.
   *
   * @throws RefusedByBank when the request, an approval or an answer is not what it has to be, or
   *     was used before
   */
  public Approval approve(
      Party server,
      OperatorKey operator,
      Enrolment enrolment,
      BankDirectory known,
      Store shared,
      Store bankStore)
      throws IOException, StoreUnavailable {
    OperatorsJournal journal = journalFor(operator);
    EnrolmentDecision rules = new EnrolmentDecision(bank, policy());
    String text =
        enrolment
            .text(Enrolment.Step.REQUEST)
            .orElseThrow(() -> new RefusedByBank("nobody asked for " + server.wire()));
    EnrolmentRequest request = rules.request(text, server, clock.millis());
    Bytes digest = Bytes.sha256(Bytes.utf8(text));
    rules.requireSecond(request, operator.operator());
    if (journal.holds("admitted", digest)) {
      throw new RefusedByBank("this request was used: enrol anew");
    }
    Optional<String> approved = enrolment.text(Enrolment.Step.APPROVAL);
    Optional<String> answer = enrolment.text(Enrolment.Step.ANSWER);
    if (approved.isEmpty() || answer.isEmpty()) {
      challenge(request, digest, operator, enrolment, journal);
      return Approval.CHALLENGED;
    }
    EnrolmentApproval approval = rules.approval(approved.get(), text, request);
    rules.requireProof(approval, answer.get());
    founding.admit(request.keys(), known, shared, bankStore);
    journal.append(operator, "admitted", server.wire(), digest);
    return Approval.ADMITTED;
  }

  private void challenge(
      EnrolmentRequest request,
      Bytes digest,
      OperatorKey operator,
      Enrolment enrolment,
      OperatorsJournal journal)
      throws IOException {
    byte[] secret = new byte[CHALLENGE_BYTES];
    random.nextBytes(secret);
    Bytes plain = Bytes.of(secret);
    EnrolmentApproval approval =
        new EnrolmentApproval(
            EnrolmentApproval.VERSION,
            digest,
            Bytes.sha256(plain),
            operator.name(),
            clock.millis());
    journal.append(operator, "approve", request.party().wire(), digest);
    enrolment.leave(
        Enrolment.Step.APPROVAL,
        SignedStatement.sign(
            EnrolmentApproval.STATEMENT_TYPE, ProtocolJson.encode(approval), operator.key()));
    enrolment.leave(
        Enrolment.Step.CHALLENGE,
        KeyWrap.seal(
                plain,
                request.keys().encryption().orElseThrow(),
                Enrolment.context(bank, digest),
                random)
            .toBase64Url());
  }

  /** Starts a new epoch of the bank's encryption key. */
  public void rotate(OperatorKey operator, BankDirectory known, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    OperatorsJournal journal = journalFor(operator);
    journal.append(operator, "rotate", bank.value(), NOTHING);
    founding.rotateEncryptionKey(known, shared, bankStore);
    journal.append(operator, "rotated", bank.value(), NOTHING);
  }

  /**
   * Has every period key, of now and later, wrapped to this recovery key.
   *
   * @param operator who does it; has to be said once operators are registered
   * @param replace whether another recovery key may be in use until now
   * @throws RefusedByBank when another is in use and may not be replaced, or nobody registered does
   *     it
   */
  public void useRecoveryKey(
      EncryptionKey key, @Nullable OperatorKey operator, boolean replace, Store bankStore)
      throws IOException, StoreUnavailable {
    if (RecoveryKey.known(directory).filter(used -> !used.id().equals(key.id())).isPresent()
        && !replace) {
      throw new RefusedByBank(
          "another recovery key is in use: say --replace if this one is to take its place");
    }
    if (operator == null) {
      if (Files.exists(directory.resolve(POLICY_FILE))) {
        throw new RefusedByBank("operators are registered: say which one does it");
      }
      founding.useRecoveryKey(key, bankStore);
      return;
    }
    OperatorsJournal journal = journalFor(operator);
    Bytes digest = Bytes.sha256(key.spki());
    journal.append(operator, "recovery-key", bank.value(), digest);
    founding.useRecoveryKey(key, bankStore);
    journal.append(operator, "recovery-key used", bank.value(), digest);
  }
}
