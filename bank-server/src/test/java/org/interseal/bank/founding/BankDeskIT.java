package org.interseal.bank.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.interseal.bank.founding.Interruptions.When;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.TestAuthority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators do, and what they cannot do, at a founding vault. */
class BankDeskIT extends DeskFixture {
  private static final int MAX_EFFECTS = 40;

  @ParameterizedTest
  @EnumSource
  void anEvictionIsFinishedByDoingItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      closeStores();
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
    char first = request.charAt(request.lastIndexOf('.') + 1);
    String altered =
        request.substring(0, request.lastIndexOf('.') + 1)
            + (first == 'A' ? 'B' : 'A')
            + request.substring(request.lastIndexOf('.') + 2);
    enrolment().leave(Enrolment.Step.REQUEST, altered);
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
      closeStores();
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
