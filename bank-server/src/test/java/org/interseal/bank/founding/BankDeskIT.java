package org.interseal.bank.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.interseal.bank.founding.Interruptions.When;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.Store;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators do, and what they cannot do, at a founding vault. */
@SuppressWarnings("NullAway.Init")
class BankDeskIT {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final Party FIRST = Party.server(BANK, "server-1");
  private static final Party SECOND = Party.server(BANK, "server-2");
  private static final int MAX_EFFECTS = 40;

  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.fixed(TestAuthority.NOW);
  private static final OperatorKey ALICE = operator("alice");
  private static final OperatorKey BOB = operator("bob");
  private static HttpClient http;
  private static StandInRegistry registry;

  @TempDir Path temporary;
  private Path home;
  private Store shared;
  private Store bankStore;
  private List<Party> usersTaken;
  private final List<String> warnings = new ArrayList<>();
  private InstantSource clock;

  private static OperatorKey operator(String name) {
    return new OperatorKey(name, SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM));
  }

  @BeforeAll
  static void startRegistry() throws IOException {
    http = HttpClient.newHttpClient();
    registry = new StandInRegistry(AUTHORITY);
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
    http.close();
  }

  @BeforeEach
  void begin() throws Exception {
    begin("first");
  }

  @AfterEach
  void close() {
    shared.close();
    bankStore.close();
  }

  /** A founded bank with two servers and two operators. */
  private void begin(String name) throws Exception {
    home = Files.createDirectory(temporary.resolve(name));
    shared = SqliteStore.openShared(home.resolve("shared.db"), CLOCK);
    bankStore = SqliteStore.openBank(home.resolve("bank.db"), CLOCK);
    usersTaken = new ArrayList<>();
    clock = CLOCK;
    BankFounding founding = founding(none());
    String application =
        founding.apply(new RegistryApi(http, registry.uri()), new Licensee("Bank", "plc", 1));
    registry.approve(application, shared);
    for (Party node : List.of(FIRST, SECOND)) {
      founding.admit(NodeKeys.ensure(node, vault(node.name()), RANDOM), known(), shared, bankStore);
    }
    desk(none()).register(List.of(ALICE.operator(), BOB.operator()));
  }

  private static Interruptions none() {
    return new Interruptions(When.BEFORE, 0);
  }

  private Pkcs12KeyVault vault(String name) throws IOException {
    return Pkcs12KeyVault.open(home.resolve(name + ".p12"), "test passphrase".toCharArray());
  }

  private BankFounding founding(Interruptions world) throws IOException {
    return new BankFounding(BANK, world.vault(vault("founding")), home, CLOCK, RANDOM);
  }

  private BankDesk desk(Interruptions world) throws IOException {
    return new BankDesk(BANK, founding(world), home, clock, RANDOM);
  }

  private BankDirectory known() throws Exception {
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), shared);
    var _ = directory.refresh();
    return directory;
  }

  private void evict(Party node, OperatorKey operator, Interruptions world) throws Exception {
    desk(world)
        .evict(
            node,
            operator,
            taken -> {
              var _ = world.around(() -> usersTaken.add(taken));
            },
            warnings::add,
            known(),
            world.store(shared),
            world.store(bankStore));
  }

  private List<String> journal() throws IOException {
    return desk(none()).journal().acts().stream()
        .map(act -> act.operator() + " " + act.action() + " " + act.subject())
        .toList();
  }

  private Map<String, NodeStanding> list() throws Exception {
    return NodeStanding.list(BANK, known(), bankStore, TestAuthority.NOW).stream()
        .collect(Collectors.toMap(standing -> standing.node().name(), standing -> standing));
  }

  private NodeStanding node(String name) throws Exception {
    return Objects.requireNonNull(list().get(name));
  }

  @ParameterizedTest
  @EnumSource
  void anEvictionIsFinishedByDoingItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      close();
      begin(when + "-" + at);
      Interruptions world = new Interruptions(when, at);
      try {
        evict(SECOND, ALICE, world);
      } catch (IOException e) {
        assertThat(world.happened()).as(e.toString()).isTrue();
      }
      interrupted = world.happened();
      boolean revoked = node("server-2").state() == NodeStanding.State.REVOKED;
      assertThat(revoked && usersTaken.isEmpty()).as("the voice before the user").isFalse();
      evict(SECOND, BOB, none());

      assertThat(usersTaken).contains(SECOND).doesNotContain(FIRST);
      assertThat(node("server-2"))
          .satisfies(node -> {
            assertThat(node.state()).isEqualTo(NodeStanding.State.REVOKED);
            assertThat(node.epochs()).containsExactly(1);
          });
      assertThat(node("server-1"))
          .satisfies(node -> {
            assertThat(node.state()).isEqualTo(NodeStanding.State.IN_FORCE);
            assertThat(node.epochs()).containsExactly(1, 2);
          });
      assertThat(known().bank(BANK).orElseThrow().epoch()).isEqualTo(2);
      assertThat(journal())
          .startsWith("alice evict " + SECOND.wire())
          .endsWith("bob evict " + SECOND.wire(), "bob evicted " + SECOND.wire());
      at++;
      assertThat(at).isLessThan(MAX_EFFECTS);
    }
    assertThat(at).as("effects there were to interrupt").isGreaterThan(5);
  }

  @Test
  void anEpochBeginsWithoutAnEviction() throws Exception {
    desk(none()).rotate(BOB, known(), shared, bankStore);

    assertThat(known().bank(BANK).orElseThrow().epoch()).isEqualTo(2);
    assertThat(node("server-2").epochs()).containsExactly(1, 2);
    assertThat(known().nodes(BANK, PartyRole.SERVER, TestAuthority.NOW)).hasSize(2);
    assertThat(journal()).containsExactly("bob rotate BKAAXX00", "bob rotated BKAAXX00");
  }

  @Test
  void nobodyActsWhoIsNotRegistered() throws Exception {
    OperatorKey stranger = operator("mallory");
    OperatorKey inAlicesName = new OperatorKey("alice", stranger.key());

    for (OperatorKey other : List.of(stranger, inAlicesName)) {
      assertThatThrownBy(() -> evict(SECOND, other, none()))
          .isInstanceOf(RefusedByBank.class)
          .hasMessageContaining("not registered");
    }
    assertThatThrownBy(() -> evict(Party.server(BANK, "server-9"), ALICE, none()))
        .isInstanceOf(RefusedByBank.class);
    assertThat(journal()).isEmpty();
    assertThat(usersTaken).isEmpty();
  }

  // ---- a server that joins

  private static final Party THIRD = Party.server(BANK, "server-3");

  private Enrolment enrolment() {
    return Enrolment.of(home.resolve("enrolments"), THIRD);
  }

  private ServerEnrolment.Progress enrol(OperatorKey operator, boolean anew) throws Exception {
    return ServerEnrolment.advance(
        THIRD, vault(THIRD.name()), operator, enrolment(), anew, clock, RANDOM);
  }

  private BankDesk.Approval approve(OperatorKey operator, Interruptions world) throws Exception {
    return desk(world)
        .approve(
            THIRD, operator, enrolment(), known(), world.store(shared), world.store(bankStore));
  }

  private void assertRefused(OperatorKey operator, String why) throws Exception {
    assertThatThrownBy(() -> approve(operator, none()))
        .isInstanceOf(RefusedByBank.class)
        .hasMessageContaining(why);
    assertThat(list()).doesNotContainKey("server-3");
  }

  @Test
  void aServerJoinsByTwoOperatorsAndAProofOfItsKeys() throws Exception {
    assertThat(enrol(ALICE, false)).isEqualTo(ServerEnrolment.Progress.REQUESTED);
    assertThat(approve(BOB, none())).isEqualTo(BankDesk.Approval.CHALLENGED);
    assertThat(list()).doesNotContainKey("server-3");
    assertThat(enrol(ALICE, false)).isEqualTo(ServerEnrolment.Progress.ANSWERED);
    assertThat(approve(BOB, none())).isEqualTo(BankDesk.Approval.ADMITTED);

    assertThat(node("server-3"))
        .satisfies(node -> {
          assertThat(node.state()).isEqualTo(NodeStanding.State.IN_FORCE);
          assertThat(node.epochs()).containsExactly(1);
        });
    assertThat(journal())
        .containsExactly("bob approve " + THIRD.wire(), "bob admitted " + THIRD.wire());
  }

  @Test
  void nobodyApprovesWhatTheyAskedFor() throws Exception {
    var _ = enrol(ALICE, false);
    assertRefused(ALICE, "asked for it");
    OperatorKey stranger = operator("mallory");
    assertRefused(stranger, "not registered");
    assertThat(approve(BOB, none())).isEqualTo(BankDesk.Approval.CHALLENGED);
    var _ = enrol(ALICE, false);
    assertRefused(ALICE, "asked for it");
    var _ = enrol(stranger, true);
    assertRefused(BOB, "not signed by an operator");
  }

  @Test
  void anApprovalOfTheAskingOperatorDoesNotCount() throws Exception {
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    var _ = enrol(ALICE, false);
    String request = enrolment().text(Enrolment.Step.REQUEST).orElseThrow();
    String opened = enrolment().text(Enrolment.Step.ANSWER).orElseThrow();
    EnrolmentApproval own =
        new EnrolmentApproval(
            1,
            Bytes.sha256(Bytes.utf8(request)),
            Bytes.sha256(Bytes.base64Url(opened)),
            "alice",
            CLOCK.millis());
    enrolment()
        .leave(
            Enrolment.Step.APPROVAL,
            SignedStatement.sign(
                EnrolmentApproval.STATEMENT_TYPE, ProtocolJson.encode(own), ALICE.key()));
    assertRefused(BOB, "asked for it");
  }

  @Test
  void whatWasAlteredExchangedOrHasExpiredIsRefused() throws Exception {
    var _ = enrol(ALICE, false);
    String request = enrolment().text(Enrolment.Step.REQUEST).orElseThrow();
    enrolment().leave(Enrolment.Step.REQUEST, request.substring(0, request.length() - 2) + "AA");
    assertRefused(BOB, "");
    enrolment().leave(Enrolment.Step.REQUEST, request);
    var _ = approve(BOB, none());
    enrolment().leave(Enrolment.Step.ANSWER, Bytes.of(new byte[32]).toBase64Url());
    assertRefused(BOB, "answer");

    // The keys of another request do not slip in under the approval.
    Files.delete(home.resolve(THIRD.name() + ".p12"));
    String approval = enrolment().text(Enrolment.Step.APPROVAL).orElseThrow();
    var _ = enrol(ALICE, true);
    enrolment().leave(Enrolment.Step.APPROVAL, approval);
    enrolment().leave(Enrolment.Step.ANSWER, Bytes.of(new byte[32]).toBase64Url());
    assertRefused(BOB, "not of this request");

    clock = InstantSource.fixed(TestAuthority.NOW.plus(EnrolmentDecision.LIFE).plusMillis(1));
    assertRefused(BOB, "expired");
    clock = InstantSource.fixed(TestAuthority.NOW.minusSeconds(3_600));
    assertRefused(BOB, "expired");
  }

  @Test
  void aRequestIsUsedOnce() throws Exception {
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    assertThatThrownBy(() -> approve(BOB, none()))
        .isInstanceOf(RefusedByBank.class)
        .hasMessageContaining("was used");
    evict(THIRD, ALICE, none());
    var _ = enrol(ALICE, true);
    var _ = approve(BOB, none());
    var _ = enrol(ALICE, false);
    assertThatThrownBy(() -> approve(BOB, none())).isInstanceOf(NodeEvicted.class);
  }

  @ParameterizedTest
  @EnumSource
  void anAdmissionIsFinishedByDoingItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      close();
      begin("join-" + when + "-" + at);
      Interruptions world = new Interruptions(when, at);
      var _ = enrol(ALICE, false);
      var _ = approve(BOB, none());
      var _ = enrol(ALICE, false);
      try {
        var _ = approve(BOB, world);
      } catch (IOException e) {
        assertThat(world.happened()).as(e.toString()).isTrue();
        assertThat(approve(BOB, none())).isEqualTo(BankDesk.Approval.ADMITTED);
      }
      interrupted = world.happened();
      assertThat(node("server-3").state()).isEqualTo(NodeStanding.State.IN_FORCE);
      at++;
      assertThat(at).isLessThan(MAX_EFFECTS);
    }
    assertThat(at).as("effects there were to interrupt").isGreaterThan(3);
  }

  @Test
  void operatorsAreTwoPeopleAndRegisteredOnce() throws Exception {
    Operator alice = ALICE.operator();
    Operator bob = BOB.operator();
    BankDesk desk = desk(none());

    desk.register(List.of(alice, bob));
    assertThatThrownBy(() -> desk.register(List.of(alice, operator("mallory").operator())))
        .isInstanceOf(RefusedByBank.class);
    for (List<Operator> notTwo :
        List.of(
            List.of(alice),
            List.of(alice, alice),
            List.of(alice, new Operator("bob", alice.key())),
            List.of(alice, new Operator("alice", bob.key())))) {
      assertThatThrownBy(() -> OperatorPolicy.of(BANK, notTwo))
          .isInstanceOf(IllegalArgumentException.class);
    }
    String forged =
        OperatorPolicy.of(BANK, List.of(alice, operator("mallory").operator()))
            .sign(operator("mallory").key());
    Files.writeString(home.resolve(BankDesk.POLICY_FILE), forged);
    assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
  }

  @Test
  void theJournalShowsWhatWasAlteredAndForgetsATornLine() throws Exception {
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    desk(none()).rotate(BOB, known(), shared, bankStore);
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    List<String> lines = Files.readAllLines(file);
    assertThat(journal()).hasSize(4);

    for (int changed = 0; changed < 3; changed++) {
      List<String> without = new ArrayList<>(lines);
      without.remove(changed);
      Files.write(file, without);
      assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
      List<String> altered = new ArrayList<>(lines);
      altered.set(changed, lines.get(changed).substring(1));
      Files.write(file, altered);
      assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
    }
    Files.writeString(file, String.join("\n", lines) + "\n" + lines.getFirst().substring(9));
    assertThat(journal()).hasSize(4);
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    assertThat(journal()).hasSize(6);
    assertThat(Bytes.sha256(Bytes.utf8(lines.getFirst())))
        .isEqualTo(desk(none()).journal().acts().get(1).previous());
  }

  @Test
  void aBrokenJournalHindersNoEvictionAndIsKept() throws Exception {
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    Files.writeString(file, "\u00ff junk\n" + Files.readString(file), StandardCharsets.ISO_8859_1);
    byte[] broken = Files.readAllBytes(file);
    assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);

    evict(SECOND, ALICE, none());

    assertThat(node("server-2").state()).isEqualTo(NodeStanding.State.REVOKED);
    assertThat(usersTaken).containsExactly(SECOND);
    assertThat(warnings).first().asString().contains("THE JOURNAL IS BROKEN");
    Path aside = home.resolve(BankDesk.JOURNAL_FILE + ".broken-1");
    assertThat(aside).hasBinaryContent(broken);
    assertThat(journal())
        .containsExactly(
            "alice continues " + aside.getFileName(),
            "alice evict " + SECOND.wire(),
            "alice evicted " + SECOND.wire());
    // What was used before stays used.
    assertThatThrownBy(() -> approve(BOB, none())).hasMessageContaining("was used");
    Files.writeString(aside, "other");
    assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
    evict(SECOND, BOB, none());
    assertThat(journal()).hasSize(3).first().asString().contains("broken-2");
  }

  @Test
  void aJournalThatCannotBeWrittenHindersNoEviction() throws Exception {
    Files.createDirectory(home.resolve(BankDesk.JOURNAL_FILE));

    evict(SECOND, ALICE, none());

    assertThat(node("server-2").state()).isEqualTo(NodeStanding.State.REVOKED);
    assertThat(warnings).anyMatch(line -> line.contains("NOT"));
  }

  @Test
  void whoOnlyReadsLeavesALineThatIsBeingWrittenAlone() throws Exception {
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    String half = Files.readString(file) + "half";
    Files.writeString(file, half);

    assertThat(journal()).hasSize(2);

    assertThat(file).hasContent(half);
  }

  @Test
  void ofTwoWhoReadTheSameJournalOnlyOneAppends() throws Exception {
    OperatorsJournal first = desk(none()).journal();
    OperatorsJournal second = desk(none()).journal();
    first.append(ALICE, "one", "x", Bytes.of(new byte[0]));

    assertThatThrownBy(() -> second.append(BOB, "two", "x", Bytes.of(new byte[0])))
        .hasMessageContaining("somebody else");

    assertThat(journal()).containsExactly("alice one x");
  }

  @Test
  void oneAtATimeChangesWhatTheFoundingLeft() throws Exception {
    try (FoundingLock _ = FoundingLock.take(home, "alice (bank evict)", Duration.ZERO)) {
      assertThatThrownBy(() -> FoundingLock.take(home, "bob", Duration.ZERO))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("alice (bank evict), process ");
    }
    FoundingLock.take(home, "bob", Duration.ZERO).close();
  }

  @Test
  void aRecoveryKeyIsReplacedOnlyOnPurposeAndByAnOperator() throws Exception {
    EncryptionKey used = DecryptionKey.generate(RANDOM).encryptionKey();
    EncryptionKey other = DecryptionKey.generate(RANDOM).encryptionKey();
    assertThatThrownBy(() -> desk(none()).useRecoveryKey(used, null, false, bankStore))
        .hasMessageContaining("say which one");
    desk(none()).useRecoveryKey(used, ALICE, false, bankStore);
    desk(none()).useRecoveryKey(used, ALICE, false, bankStore);
    assertThatThrownBy(() -> desk(none()).useRecoveryKey(other, ALICE, false, bankStore))
        .hasMessageContaining("--replace");
    assertThat(RecoveryKey.known(home).orElseThrow().id()).isEqualTo(used.id());

    desk(none()).useRecoveryKey(other, BOB, true, bankStore);

    assertThat(RecoveryKey.known(home).orElseThrow().id()).isEqualTo(other.id());
    assertThat(journal())
        .endsWith("bob recovery-key BKAAXX00", "bob recovery-key used BKAAXX00")
        .hasSize(6);
  }
}
