package org.interseal.launcher.customer;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.PaymentOutcome;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.registry.LicensedBank;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pays somebody. */
@Command(
    name = "pay",
    description = "Pays somebody, at this bank or another one, and waits for the final answer.")
public final class Pay extends CustomerCommand {
  @Option(
      names = "--account",
      description = "IBAN to pay from (default: the account that the device was linked to)")
  @Nullable String account;

  @Option(names = "--from-name", defaultValue = "Customer", description = "the payer's name")
  String fromName = "Customer";

  @Option(names = "--to", required = true, description = "the payee's IBAN")
  String to = "";

  @Option(names = "--to-name", required = true, description = "the payee's name")
  String toName = "";

  @Option(names = "--amount", required = true, description = "for example 12.50")
  String amount = "";

  @Option(
      names = "--currency",
      defaultValue = "CZK",
      description = "ISO 4217 (default: ${DEFAULT-VALUE})")
  String currency = "CZK";

  @Option(
      names = "--reference",
      description =
          "your own reference: with the same one the same payment is made once, another is refused (default: random)")
  @Nullable String reference;

  @Option(names = "--text", description = "up to 140 characters for the payee")
  @Nullable String text;

  @Override
  int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception {
    Device linked = connect(runtime, memory);
    Iban debtor = account(memory, account);
    Iban creditor = new Iban(to);
    Bytes root = memory.profile().rootCertificate();
    BankClient bank =
        await(
            BankClient.connect(
                runtime,
                memory.profile().gateways(),
                Bytes.sha256(root == null ? Bytes.of(new byte[0]) : root)));
    BankId agent =
        await(bank.bankOf(creditor))
            .map(LicensedBank::bank)
            .orElseThrow(() -> new IOException("no licensed bank has the account " + creditor));
    UUID drawn = UUID.randomUUID();
    String instruction = reference == null ? drawn.toString().substring(0, 32) : reference;
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    PartyAccount payer = new PartyAccount(fromName, debtor, bank.bank());
    PartyAccount payee = new PartyAccount(toName, creditor, agent);
    UUID uetr = payment(linked, instruction, drawn, payer, payee, today).uetr();
    LocalDate date = new FirstDays(device.resolve("first-days")).executionDate(uetr, today);
    Payment payment = payment(linked, instruction, drawn, payer, payee, date);
    print("reference " + instruction);
    PaymentOutcome outcome = await(linked.payOnce(payment, deadline()));
    if (date.isBefore(today)
        && outcome instanceof PaymentOutcome.Rejected(var reason, var _)
        && reason == ReasonCode.DT01) {
      print("not sent again: first instructed on " + date + ", which the bank may have forgotten");
      print("it may have been paid then: look at the statement of that day");
      return UNANSWERED;
    }
    return report(outcome);
  }

  private Payment payment(
      Device linked,
      String instruction,
      UUID drawn,
      PartyAccount payer,
      PartyAccount payee,
      LocalDate date) {
    return linked.repeatable(
        new Payment(
            instruction,
            instruction,
            drawn,
            payer,
            payee,
            Money.of(amount, new CurrencyCode(currency)),
            null,
            text,
            null,
            ChargeBearer.SLEV,
            date));
  }

  private int report(PaymentOutcome outcome) {
    return switch (outcome) {
      case PaymentOutcome.Settled(var status) -> {
        print("settled (ACCC): " + status.amount() + ", UETR " + status.uetr());
        yield 0;
      }
      case PaymentOutcome.Accepted(var status) -> {
        print("debited, on its way (" + status.status() + "), UETR " + status.uetr());
        yield 0;
      }
      case PaymentOutcome.Rejected(var reason, var _) -> {
        print(
            reason == ReasonCode.AM05
                ? "rejected: AM05, the reference was used for another payment; nothing was paid"
                : "rejected: " + reason);
        yield REFUSED;
      }
      case PaymentOutcome.Unanswered(var _, String why) -> {
        print("no answer yet: " + why + "; repeat the command with this reference, it pays once");
        yield UNANSWERED;
      }
    };
  }
}
