package org.interseal.launcher.federation;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.ActivationCode;

/** Two customers of two banks to try things with, the same ones every time. */
public final class Welcome {
  private static final long CASH_MINOR = 100_000;
  private static final CurrencyCode CZK = new CurrencyCode("CZK");

  private final Counter first;
  private final Counter second;

  /**
   * Where a bank serves its customers.
   *
   * @param partitions of its ledger
   * @param gateways as customers reach it
   */
  public record Counter(BankId bank, int partitions, TellerClient teller, List<URI> gateways) {
    public Counter {
      gateways = List.copyOf(gateways);
    }
  }

  public Welcome(Counter first, Counter second) {
    this.first = first;
    this.second = second;
  }

  /**
   * Opens the accounts where they are missing, and says which commands enrol their devices and pay.
   *
   * @param out hears the activation code of each customer who has no device yet: fresh ones at
   *     every call, which take the place of those before
   */
  public void prepare(Consumer<String> out) throws ExecutionException, InterruptedException {
    Iban alice = Iban.ofWishedNumber(first.bank(), first.partitions(), 1);
    if (opened(first.teller(), "Alice", 1)) {
      var _ =
          first.teller().cashIn(alice, new Money(CASH_MINOR, CZK), "welcome", "welcome-cash").get();
    }
    Iban bob = Iban.ofWishedNumber(second.bank(), second.partitions(), 2);
    var _ = opened(second.teller(), "Bob", 2);
    out.accept("");
    out.accept(
        "Try, in another terminal (a code is good for 24 hours, and for a customer's first"
            + " device):");
    enrol(first, "alice", alice, out);
    enrol(second, "bob", bob, out);
    out.accept(
        "  ./interseal pay --device alice --to "
            + bob
            + " --to-name Bob --amount 12.50 --text 'hello'");
    out.accept("  ./interseal balance --device bob");
    out.accept("  ./interseal statement --device bob");
  }

  /** What a branch refuses is said; it stops no start. */
  private static void enrol(Counter at, String device, Iban account, Consumer<String> out)
      throws InterruptedException {
    try {
      out.accept("  " + enrolment(at, device, account));
    } catch (ExecutionException e) {
      out.accept("  (no code for " + device + ": " + e.getCause() + ")");
    }
  }

  private static String enrolment(Counter at, String device, Iban account)
      throws ExecutionException, InterruptedException {
    if (at.teller().linkedDevices(account).get() > 0) {
      return "(" + device + " has a device: use it)";
    }
    // A key of its own: under one that the branch knows it would repeat a code that may be used up.
    ActivationCode code = at.teller().activationCode(account, "welcome-" + UUID.randomUUID()).get();
    return "./interseal enrol --device "
        + device
        + at.gateways().stream().map(each -> " --gateway " + each).collect(Collectors.joining())
        + " --code "
        + code.print();
  }

  /** Whether the account was opened now, or before as the branch remembers. */
  private static boolean opened(TellerClient teller, String name, long number)
      throws ExecutionException, InterruptedException {
    try {
      var _ = teller.openAccount(name, "CZK", number, "welcome-open").get();
      return true;
    } catch (ExecutionException e) {
      // The branch has forgotten that it asked, the bank has not: the number is taken.
      if (String.valueOf(e.getMessage()).contains(ReasonCode.AM05.name())) {
        return false;
      }
      throw e;
    }
  }
}
