package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Federation.CZK;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The licensed bank B attacks bank A with everything that its own keys sign. */
@ExtendWith(AttackedFederation.class)
class OtherBankIT {
  private static final long FUNDS_MINOR = 500_000;
  private static final int JUNK_ROWS = 400;

  /** Far from the numbers that B's honest server uses. */
  private static long number = 500;

  private final Federation federation;

  OtherBankIT(Federation federation) {
    this.federation = federation;
  }

  @Test
  void aTransferInAnotherBanksNameIsRejected() throws Exception {
    Customer alice = federation.customer(A, "Alice", 0);
    Payment inAsName =
        new Payment(
            "forged",
            "forged",
            java.util.UUID.randomUUID(),
            new PartyAccount("Anna", federation.account(A, "Anna", FUNDS_MINOR, null), A),
            new PartyAccount("Alice", alice.account(), A),
            new Money(1_000, CZK),
            null,
            null,
            null,
            org.interseal.protocol.banking.ChargeBearer.SLEV,
            Payments.today());
    long refused = federation.operators().outcomes(A, "received-agnt");
    send(Party.server(B, "server-1"), "server-1", transfer(inAsName));
    Waiting.until(
        "it is rejected with AGNT",
        () -> federation.operators().outcomes(A, "received-agnt") == refused + 1);

    // And in A's own name, or as a server that B never certified.
    assertSetAside(
        seal(Party.server(A, "server-1"), "server-1", transfer(inAsName)),
        seal(Party.server(B, "server-9"), "server-1", transfer(inAsName)));
    assertThat(alice.bookedMinor()).isZero();
  }

  @Test
  void nodesOfBHaveNoOtherRoleAtA() throws Exception {
    Customer alice = federation.customer(A, "Alice", 0);
    Customer bob = federation.customer(B, "Bob", FUNDS_MINOR);
    BranchMessage cash =
        new BranchMessage.PayCashIn("teller", alice.account(), new Money(9_000, CZK), "r1");
    assertSetAside(
        seal(Party.branch(B, "branch-1"), "branch-1", cash),
        seal(Party.branch(A, "branch-1"), "branch-1", cash),
        seal(Party.server(B, "server-1"), "server-1", cash),
        seal(Party.gateway(B, "gateway-1"), "gateway-1", transfer(payment(bob, alice, 500))));
    assertThat(alice.bookedMinor()).isZero();
    assertThat(bob.bookedMinor()).isEqualTo(FUNDS_MINOR);
  }

  @Test
  void theSameNumberWithOtherContentIsEvidenceAndMovesNothing() throws Exception {
    Customer alice = federation.customer(A, "Alice", 0);
    Customer bob = federation.customer(B, "Bob", FUNDS_MINOR);
    Transfer first = transferOf(payment(bob, alice, 1_000));
    long accepted = federation.operators().outcomes(A, "received-accepted");
    long contradictions = federation.operators().outcomes(A, "received-am05");
    send(Party.server(B, "server-1"), "server-1", batch(first));
    Waiting.until(
        "the first is taken",
        () -> federation.operators().outcomes(A, "received-accepted") > accepted);
    send(
        Party.server(B, "server-1"),
        "server-1",
        batch(new Transfer(first.number(), first.messageId(), payment(bob, alice, 100_000))));
    send(Party.server(B, "server-1"), "server-1", batch(first));
    Waiting.until(
        "AM05", () -> federation.operators().outcomes(A, "received-am05") == contradictions + 1);
    Waiting.until(
        "a duplicate", () -> federation.operators().outcomes(A, "received-duplicate") > 0);
    assertThat(alice.bookedMinor()).isEqualTo(1_000);
    assertThat(federation.operators().evidence(A)).isPositive();
  }

  @Test
  void claimsBeyondTheCapAreRejected() throws Exception {
    Customer alice = federation.customer(A, "Alice", 0);
    Customer bob = federation.customer(B, "Bob", FUNDS_MINOR);
    long refused = federation.operators().outcomes(A, "received-am23");
    // Twice the cap: what A owes B from other payments leaves B some room above it.
    long tooMuch = 2 * AttackedFederation.COUNTERPARTY_CAP_MINOR;
    send(Party.server(B, "server-1"), "server-1", transfer(payment(bob, alice, tooMuch)));
    Waiting.until("AM23", () -> federation.operators().outcomes(A, "received-am23") == refused + 1);
    assertThat(alice.bookedMinor()).isZero();
  }

  @Test
  void reportsOnTransfersThatBNeverGotAndTakenBackAnswersChangeNothing() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", 0);
    Payment honest = payment(alice, bob, 2_000);
    assertThat(pay(alice, honest)).isEqualTo("ACCC");
    Bytes digest = Bytes.sha256(Bytes.utf8("no transfer"));
    long late = federation.operators().outcomes(A, "reported-late-report");
    send(
        Party.server(B, "server-1"),
        "server-1",
        report(new Report(77_777, digest, TransactionStatus.ACCC, null)));
    Waiting.until(
        "a report on nothing",
        () -> federation.operators().outcomes(A, "reported-late-report") == late + 1);
    long contradictions = federation.operators().outcomes(A, "reported-contradiction");
    for (long answered = 1; answered <= 3; answered++) {
      send(
          Party.server(B, "server-1"),
          "server-1",
          report(new Report(answered, digest, TransactionStatus.RJCT, ReasonCode.AC01)));
    }
    Waiting.until(
        "contradictions",
        () -> federation.operators().outcomes(A, "reported-contradiction") > contradictions);
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 2_000);
    assertThat(bob.bookedMinor()).isEqualTo(2_000);
    assertThat(alice.finalStatuses(honest.uetr())).isEqualTo(1);
  }

  @Test
  void aFloodOfJunkIsSetAsideAndCountedWhileHonestPaymentsGoOn() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer anna = federation.customer(A, "Anna", 0);
    String genuine =
        seal(Party.server(B, "server-1"), "server-1", transfer(payment(alice, anna, 1)));
    List<NewRow> junk = new ArrayList<>();
    for (int i = 0; i < JUNK_ROWS; i++) {
      String body =
          i % 2 == 0 ? "junk number " + i : genuine.substring(0, genuine.length() - 2 - i) + ".";
      junk.add(new NewRow(A.value(), SubmissionId.of(A, body), body));
    }
    long before = federation.operators().setAside(A);
    new StoreOperator(federation.directory()).insert(junk);
    for (int i = 0; i < 10; i++) {
      assertThat(pay(alice, anna, 100)).isEqualTo("ACCC");
    }
    Waiting.until(
        "all junk is counted", () -> federation.operators().setAside(A) == before + JUNK_ROWS);
    assertThat(anna.bookedMinor()).isEqualTo(1_000);
  }

  private void assertSetAside(String... envelopes) throws Exception {
    long before = federation.operators().setAside(A);
    for (String envelope : envelopes) {
      insert(envelope);
    }
    Waiting.until(
        "all are set aside", () -> federation.operators().setAside(A) == before + envelopes.length);
  }

  private static InterbankMessage transfer(Payment payment) {
    return batch(transferOf(payment));
  }

  private static Transfer transferOf(Payment payment) {
    number++;
    return new Transfer(number, Bytes.sha256(Bytes.utf8("transfer " + number)).prefix(16), payment);
  }

  private static InterbankMessage batch(Transfer transfer) {
    return new InterbankMessage.TransferBatch(0, 0, 1, List.of(transfer));
  }

  private InterbankMessage report(Report report) throws IOException {
    ChainHead head = new ChainHead(B, 0, 1, Bytes.sha256(Bytes.utf8("a head")));
    return new InterbankMessage.ReportBatch(
        0,
        0,
        List.of(report),
        SignedStatement.sign(ChainHead.STATEMENT_TYPE, ProtocolJson.encode(head), key("server-1")));
  }

  private void send(Party author, String node, Object message) throws Exception {
    insert(seal(author, node, message));
  }

  private void insert(String envelope) throws Exception {
    new StoreOperator(federation.directory())
        .insert(List.of(new NewRow(A.value(), SubmissionId.of(A, envelope), envelope)));
  }

  /** Signed with the key of a node of B, whoever the author claims to be. */
  private String seal(Party author, String node, Object message) throws Exception {
    return Letters.sealed(
        author,
        key(node),
        A,
        federation.client(A).directory().bank(A).orElseThrow().encryptionKey(),
        message instanceof BranchMessage ? 1_000_000 : 0,
        message);
  }

  private SigningKey key(String node) throws IOException {
    Path home = federation.directory().node(B, node);
    return Pkcs12KeyVault.open(
            home.resolve("vault.p12"),
            OwnerOnlySecret.read(home.resolve("passphrase")).toCharArray())
        .signingKey(NodeKeys.SIGNING_ALIAS)
        .orElseThrow();
  }
}
