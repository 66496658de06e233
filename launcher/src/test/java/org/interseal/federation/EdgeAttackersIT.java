package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.pay;
import static org.interseal.federation.Payments.payment;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.client.BankClient;
import org.interseal.client.BankNotProven;
import org.interseal.client.Device;
import org.interseal.client.DeviceKeyRing;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Attackers at a bank's edge: its gateway, a customer's stolen device, a teller, and the network.
 */
@ExtendWith(AttackedFederation.class)
class EdgeAttackersIT {
  private static final long FUNDS_MINOR = 100_000;

  private final Federation federation;
  private final StoreOperator store;

  EdgeAttackersIT(Federation federation) {
    this.federation = federation;
    this.store = new StoreOperator(federation.directory());
  }

  @Test
  void aGatewayThatAltersReAddressesAndReplaysEnvelopesMovesNothing() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", 0);
    Payment payment = payment(alice, bob, 1_000);
    String envelope = sealed(alice, alice.memory().profile().nextNumber() + 10, payment);

    long setAsideAtA = federation.operators().setAside(A);
    long setAsideAtB = federation.operators().setAside(B);
    List<String> altered = new ArrayList<>();
    for (int place :
        List.of(5, envelope.length() / 3, envelope.length() / 2, envelope.length() - 10)) {
      altered.add(otherLetterAt(envelope, place));
    }
    for (String each : altered) {
      insert(A, SubmissionId.of(A, each), each);
    }
    insert(B, SubmissionId.of(B, envelope), envelope);
    Waiting.until(
        "altered ones are set aside",
        () -> federation.operators().setAside(A) == setAsideAtA + altered.size());
    Waiting.until(
        "the re-addressed one is set aside",
        () -> federation.operators().setAside(B) == setAsideAtB + 1);
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR);

    for (int attempt = 0; attempt < 5; attempt++) {
      insert(A, SubmissionId.rowId(A, envelope, attempt), envelope);
    }
    Waiting.until("the genuine one is paid", () -> bob.credits(payment.uetr()) == 1);
    insert(A, "replayed-by-the-gateway", envelope);
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 1_000);
    assertThat(bob.bookedMinor()).isEqualTo(1_000);
    assertThat(bob.credits(payment.uetr())).isEqualTo(1);
  }

  @Test
  void aGatewayThatServesAnotherChainIsNotBelieved() throws Exception {
    RestApi.OwnBankDocument own = document(A);
    RestApi.OwnBankDocument other = document(B);
    assertThat(served(own, federation.rootFingerprint())).as("the true one").isEqualTo(A);

    assertRefused(own, Bytes.sha256(Bytes.utf8("another root")));
    assertRefused(
        with(own, other.rootCertificate(), other.records()), federation.rootFingerprint());
    assertRefused(with(own, own.rootCertificate(), List.of()), federation.rootFingerprint());
    List<String> altered =
        own.records().stream().map(record -> otherLetterAt(record, record.length() - 20)).toList();
    assertRefused(with(own, own.rootCertificate(), altered), federation.rootFingerprint());
  }

  private static String otherLetterAt(String text, int place) {
    char other = text.charAt(place) == 'A' ? 'B' : 'A';
    return text.substring(0, place) + other + text.substring(place + 1);
  }

  private RestApi.OwnBankDocument document(BankId bank) throws Exception {
    HttpResponse<String> response =
        federation
            .http()
            .send(
                HttpRequest.newBuilder(federation.ports(bank).gateway().resolve(RestApi.BANK))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return ProtocolJson.decode(response.body(), RestApi.OwnBankDocument.class);
  }

  private static RestApi.OwnBankDocument with(
      RestApi.OwnBankDocument document, Bytes root, List<String> records) {
    return new RestApi.OwnBankDocument(
        document.bank(),
        document.institution(),
        document.legalName(),
        document.status(),
        document.partitions(),
        root,
        records);
  }

  private BankId served(RestApi.OwnBankDocument document, Bytes rootFingerprint) throws Exception {
    try (UnkindRelay relay =
        UnkindRelay.serving(federation.http(), ProtocolJson.encodeText(document))) {
      return Waiting.get(
              BankClient.connect(federation.runtime(), List.of(relay.uri()), rootFingerprint))
          .bank();
    }
  }

  private void assertRefused(RestApi.OwnBankDocument document, Bytes rootFingerprint) {
    assertThatThrownBy(() -> served(document, rootFingerprint)).isInstanceOf(BankNotProven.class);
  }

  @Test
  void aStolenDeviceIsWorthNothingOnceItIsUnlinked() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer thief = federation.customer(A, "Thief", 0);
    DeviceKeyRing stolen = alice.memory().keys();
    HttpResponse<String> unlinked =
        federation.teller(
            A, "DELETE", "/v1/accounts/" + alice.account() + "/devices/" + stolen.deviceId(), "");
    assertThat(unlinked.statusCode()).isEqualTo(200);

    String envelope = sealed(alice, 5_000, payment(alice, thief, 60_000));
    Waiting.until(
        "the gateway refuses it",
        () ->
            Letters.post(federation.http(), federation.ports(A).gateway(), stolen, envelope)
                    .statusCode()
                == 403);
    // A gateway that looks away changes nothing: the ledger knows.
    long unauthorised = federation.operators().outcomes(A, "instructed-unauthorised");
    long setAside = federation.operators().setAside(A);
    String another = sealed(alice, 5_001, payment(alice, thief, 60_000));
    insert(A, SubmissionId.of(A, another), another);
    Waiting.until(
        "the bank refuses it",
        () ->
            federation.operators().outcomes(A, "instructed-unauthorised") > unauthorised
                || federation.operators().setAside(A) > setAside);
    assertThat(thief.bookedMinor()).isZero();
  }

  @Test
  void aClonedDeviceCannotUseAMessageNumberAgain() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", 0);
    Customer thief = federation.customer(A, "Thief", 0);
    long number = alice.memory().profile().nextNumber();
    assertThat(pay(alice, bob, 2_000)).isEqualTo("ACCC");

    long duplicates = federation.operators().outcomes(A, "instructed-duplicate");
    String cloned = sealed(alice, number, payment(alice, thief, 50_000));
    insert(A, SubmissionId.of(A, cloned), cloned);
    Waiting.until(
        "it is counted",
        () -> federation.operators().outcomes(A, "instructed-duplicate") == duplicates + 1);
    assertThat(thief.bookedMinor()).isZero();
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 2_000);
  }

  @Test
  void aRogueTellerIsStoppedByTheBranchsCap() throws Exception {
    Customer friend = federation.customer(A, "Friend", 0);
    long total = federation.operators().totalMinor();
    HttpResponse<String> tooMuch = cash(friend, "cash-in", "90000.01", "greed-1");
    assertThat(tooMuch.statusCode()).isBetween(400, 499);
    assertThat(tooMuch.body()).contains("AM23");
    HttpResponse<String> fromNothing = cash(friend, "cash-out", "1.00", "greed-2");
    assertThat(fromNothing.statusCode()).isBetween(400, 499);
    assertThat(fromNothing.body()).contains("AM04");
    assertThat(friend.bookedMinor()).isZero();
    assertThat(federation.operators().totalMinor()).isEqualTo(total);
  }

  private HttpResponse<String> cash(Customer customer, String what, String amount, String reference)
      throws Exception {
    return federation.teller(
        A,
        "POST",
        "/v1/accounts/" + customer.account() + "/" + what,
        "{\"amount\":\"" + amount + "\",\"currency\":\"CZK\",\"reference\":\"" + reference + "\"}");
  }

  @Test
  void aNetworkThatDropsAndDoublesChangesNoAmount() throws Exception {
    Customer alice = federation.customer(A, "Alice", FUNDS_MINOR);
    Customer bob = federation.customer(B, "Bob", 0);
    AtomicInteger dropped = new AtomicInteger();
    try (UnkindRelay relay =
        UnkindRelay.start(
            federation.http(),
            federation.ports(A).gateway(),
            passing -> {
              boolean submission = passing.method().equals("POST");
              if (submission && passing.number() % 3 == 0) {
                dropped.incrementAndGet();
                return null; // the request never arrives
              }
              HttpResponse<byte[]> answer = passing.deliver();
              if (submission && passing.number() % 3 == 1) {
                var _ = passing.deliver(); // twice
                dropped.incrementAndGet();
                return null; // and the answer is lost
              }
              return answer;
            })) {
      BankClient client = connect(relay.uri());
      Device device = Device.of(client, alice.memory());
      for (int i = 0; i < 5; i++) {
        assertThat(
                Payments.ending(
                    Waiting.get(
                        device.payAndWait(payment(alice, bob, 1_000), Duration.ofSeconds(50)))))
            .isEqualTo("ACCC");
      }
    }
    assertThat(dropped).hasPositiveValue();
    assertThat(alice.bookedMinor()).isEqualTo(FUNDS_MINOR - 5_000);
    assertThat(bob.bookedMinor()).isEqualTo(5_000);
  }

  private BankClient connect(URI gateway) throws Exception {
    return Waiting.get(
        BankClient.connect(federation.runtime(), List.of(gateway), federation.rootFingerprint()));
  }

  private String sealed(Customer from, long number, Payment payment) throws Exception {
    return Letters.sealed(
        Party.device(from.bank(), from.device().deviceId()),
        from.memory().keys().signing(),
        from.bank(),
        federation.client(from.bank()).directory().bank(from.bank()).orElseThrow().encryptionKey(),
        number,
        new DeviceMessage.InstructPayment(payment));
  }

  private void insert(BankId to, String id, String envelope) throws Exception {
    store.insert(List.of(new NewRow(to.value(), id, envelope)));
  }
}
