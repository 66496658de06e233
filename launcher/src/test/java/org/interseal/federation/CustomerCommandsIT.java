package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Federation.CZK;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.PaymentOutcome;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a customer types and reads. */
class CustomerCommandsIT {
  private static final long FUNDS_MINOR = 100_000;

  @TempDir static Path data;
  private static @Nullable Federation running;

  @TempDir Path devices;
  private @Nullable Typist alice;
  private @Nullable Typist bob;

  /** A customer with a device of the command line. */
  private record Typist(BankId bank, Iban account, Path device) {
    Printed types(String command, Object... more) {
      List<String> all = new ArrayList<>(List.of(command, "--device", device.toString()));
      for (Object each : more) {
        all.add(each.toString());
      }
      return Printed.by(all);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    running = Federation.in(data).start();
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static Federation federation() {
    return Objects.requireNonNull(running);
  }

  @BeforeEach
  void twoCustomers() throws Exception {
    alice = enrolled(A, "Alice", FUNDS_MINOR);
    bob = enrolled(B, "Bob", 0);
  }

  private Typist alice() {
    return Objects.requireNonNull(alice);
  }

  private Typist bob() {
    return Objects.requireNonNull(bob);
  }

  private Typist enrolled(BankId bank, String name, long fundsMinor) throws Exception {
    Iban account = federation().account(bank, name, fundsMinor, null);
    Typist typist = new Typist(bank, account, devices.resolve(name));
    Printed printed = enrol(typist, code(typist));
    assertThat(printed.code()).as(printed.text()).isZero();
    assertThat(printed.text()).startsWith("linked ").contains(account + " at " + bank);
    return typist;
  }

  private static String code(Typist typist) throws Exception {
    return Waiting.get(
            federation()
                .teller(typist.bank())
                .activationCode(typist.account(), "code-" + UUID.randomUUID()))
        .print();
  }

  private static Printed enrol(Typist typist, String code) {
    return typist.types(
        "enrol",
        "--gateway",
        federation().ports(typist.bank()).gateway(),
        "--code",
        code,
        "--name",
        "laptop");
  }

  private Printed pay(Object... more) {
    List<Object> all =
        new ArrayList<>(List.of("--to", bob().account(), "--to-name", "Bob", "--from-name", "Al"));
    all.addAll(List.of(more));
    return alice().types("pay", all.toArray());
  }

  private static String uetr(Printed printed) {
    assertThat(printed.code()).as(printed.text()).isZero();
    assertThat(printed.text()).contains("settled (ACCC): ");
    return printed.text().substring(printed.text().indexOf("UETR ") + 5).strip();
  }

  private static void assertBooked(Typist typist, String amount) {
    Printed printed = typist.types("balance");
    assertThat(printed.code()).as(printed.text()).isZero();
    assertThat(printed.text())
        .startsWith(typist.account().toString())
        .contains("  booked " + amount + "  available " + amount);
  }

  private static void assertPrinted(Printed printed, int code, String text) {
    assertThat(printed.text()).contains(text);
    assertThat(printed.code()).as(printed.text()).isEqualTo(code);
  }

  @Test
  void aPaymentRepeatedWithItsReferenceIsMadeOnceAndShownAgain() {
    Printed first = pay("--amount", "12.50", "--reference", "rent-11");
    assertThat(first.text()).contains("reference rent-11");

    assertThat(uetr(pay("--amount", "12.50", "--reference", "rent-11"))).isEqualTo(uetr(first));
    assertBooked(alice(), "987.50 CZK");
    assertBooked(bob(), "12.50 CZK");

    assertPrinted(
        pay("--amount", "12.51", "--reference", "rent-11"),
        3,
        "the reference was used for another payment; nothing was paid");
    assertThat(uetr(pay("--amount", "12.50", "--reference", "rent-12"))).isNotEqualTo(uetr(first));
    assertBooked(alice(), "975.00 CZK");
  }

  @Test
  void aPaymentMadeYesterdayIsNotMadeAgainToday() throws Exception {
    LocalDate yesterday = Payments.today().minusDays(1);
    String uetr = paid(yesterday, "rent-10", 1_250);
    assertBooked(alice(), "987.50 CZK");

    assertThat(uetr(pay("--amount", "12.50", "--reference", "rent-10"))).isEqualTo(uetr);
    assertPrinted(
        pay("--amount", "12.51", "--reference", "rent-10"), 3, "used for another payment");
    assertBooked(alice(), "987.50 CZK");
    assertBooked(bob(), "12.50 CZK");
  }

  /** What a test does on the payer's device, as the command would. */
  private interface DeviceWork<T> {
    T on(Device device) throws Exception;
  }

  private <T> T onPayersDevice(DeviceWork<T> work) throws Exception {
    try (FileDeviceMemory memory =
        FileDeviceMemory.open(
            alice().device().resolve("keys.p12"),
            OwnerOnlySecret.read(alice().device().resolve("passphrase")).toCharArray(),
            new SecureRandom())) {
      return work.on(Device.of(federation().client(A), memory));
    }
  }

  private String paid(LocalDate date, String reference, long minor) throws Exception {
    PaymentOutcome outcome =
        onPayersDevice(device ->
            Waiting.get(
                device.payOnce(
                    device.repeatable(payment(date, reference, minor)), Customer.ANSWER_LIMIT)));
    assertThat(outcome).isInstanceOf(PaymentOutcome.Settled.class);
    return ((PaymentOutcome.Settled) outcome).status().uetr().toString();
  }

  private Payment payment(LocalDate date, String reference, long minor) {
    return new Payment(
        reference,
        reference,
        UUID.randomUUID(),
        new PartyAccount("Al", alice().account(), A),
        new PartyAccount("Bob", bob().account(), B),
        new Money(minor, CZK),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        date);
  }

  @Test
  void aPaymentThatTheBankHasForgottenIsRefusedAsLate() throws Exception {
    LocalDate longAgo = Payments.today().minusDays(40);
    UUID uetr =
        onPayersDevice(device -> device.repeatable(payment(longAgo, "rent-9", 1_250)).uetr());
    Files.writeString(alice().device().resolve("first-days"), uetr + " " + longAgo + "\n");

    assertPrinted(
        pay("--amount", "12.50", "--reference", "rent-9"), 4, "it may have been paid then");
    assertBooked(alice(), "1000.00 CZK");
  }

  @Test
  void whatCannotBeDoneIsSaidAndNothingMoves() throws Exception {
    assertPrinted(
        alice().types("pay", "--to", "nonsense", "--to-name", "N", "--amount", "1.00"),
        1,
        "interseal: ");
    Iban nowhere = Iban.of(new BankId("BKZZXX00"), 0, 1);
    assertPrinted(
        alice().types("pay", "--to", nowhere, "--to-name", "N", "--amount", "1.00"),
        1,
        "no licensed bank has the account " + nowhere);
    Iban nobody = Iban.of(B, 0, 9_999_999_998L);
    assertPrinted(
        alice().types("pay", "--to", nobody, "--to-name", "N", "--amount", "1.00"),
        3,
        "rejected: AC01");
    assertPrinted(pay("--amount", "1000.01"), 3, "rejected: AM04");
    assertPrinted(alice().types("balance", "--account", bob().account()), 3, "refused: AG01");
    assertPrinted(alice().types("statement", "--account", bob().account()), 3, "refused: AG01");
    Typist stranger = new Typist(A, alice().account(), devices.resolve("stranger"));
    assertPrinted(stranger.types("balance"), 1, "is not enrolled; use the command enrol first");
    // Alice has a device, which would have to approve another one.
    assertPrinted(enrol(stranger, code(alice())), 3, "refused: AG01");
    assertBooked(alice(), "1000.00 CZK");
  }

  @Test
  void aStatementListsWhatWasBookedBetweenItsBalances() {
    var _ = uetr(pay("--amount", "12.50", "--text", "hello"));
    var _ = uetr(pay("--amount", "7.25", "--reference", "lunch"));

    Printed ofAlice = alice().types("statement");
    assertThat(ofAlice.code()).isZero();
    List<String> lines = ofAlice.text().lines().toList();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).startsWith(alice().account().toString());
    assertThat(lines.get(1)).isEqualTo("closing balance 980.25 CZK");
    assertThat(lines.get(2)).contains("-7.25 CZK").contains("Bob " + bob().account() + " lunch");
    assertThat(lines.get(3)).contains("-12.50 CZK").endsWith("hello");
    assertThat(lines.get(4)).contains("1000.00 CZK");
    assertThat(lines.get(5)).isEqualTo("opening balance 0.00 CZK");

    Printed ofBob = bob().types("statement", "--from", Payments.today().minusDays(1));
    assertThat(ofBob.text()).contains("closing balance 19.75 CZK").contains("Al");
    LocalDate past = Payments.today().minusDays(9);
    Printed before = bob().types("statement", "--from", past, "--to", past);
    assertThat(before.text()).doesNotContain("12.50");
  }

  @Test
  void aWatchPrintsNoticesAsTheyCome() throws Exception {
    StringWriter seen = new StringWriter();
    Thread watch =
        Thread.ofVirtual()
            .start(() -> Printed.by(seen, List.of("watch", "--device", bob().device().toString())));
    try {
      var _ = uetr(pay("--amount", "12.50", "--reference", "watched"));
      Waiting.until(
          "the credit is printed",
          () -> seen.toString().contains("credit  12.50 CZK  from Al  watched"));
    } finally {
      watch.interrupt();
      assertThat(watch.join(Waiting.LIMIT)).as("an interrupted watch ends").isTrue();
    }
    assertThat(bob().types("watch", "--seconds", "1").code()).isZero();
  }
}
