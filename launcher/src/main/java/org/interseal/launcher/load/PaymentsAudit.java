package org.interseal.launcher.load;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.client.PaymentOutcome;

/** What became of all payments, by what payers, payees and accounts say. */
public record PaymentsAudit(
    Map<String, Integer> rejected, int unanswered, int lost, int doubled, boolean conserved) {
  public PaymentsAudit {
    rejected = new TreeMap<>(rejected);
  }

  /**
   * @param booked of each customer's account, empty where nobody answered
   */
  public static PaymentsAudit of(
      List<TrackedPayment> payments, Map<Customer, Optional<Long>> booked) {
    Map<String, Integer> rejected = new TreeMap<>();
    int unanswered = 0;
    int lost = 0;
    int doubled = 0;
    for (TrackedPayment payment : payments) {
      payment.expect();
      switch (payment.outcome().orElseThrow()) {
        case PaymentOutcome.Rejected(var reason, var _) ->
            rejected.merge(reason.name(), 1, Integer::sum);
        case PaymentOutcome.Unanswered _, PaymentOutcome.Accepted _ -> unanswered++;
        case PaymentOutcome.Settled _ -> {
          // As it should be.
        }
      }
      if (payment.moved() && !payment.wasNotified()) {
        lost++;
      }
      doubled += Math.max(0, payment.notifications() - 1);
    }
    long funded = 0;
    long found = 0;
    for (Map.Entry<Customer, Optional<Long>> each : booked.entrySet()) {
      long expected = each.getKey().expectedMinor().get();
      long minor = each.getValue().orElse(0L);
      funded = Math.addExact(funded, each.getKey().fundedMinor());
      found = Math.addExact(found, minor);
      if (minor < expected) {
        lost++;
      } else if (minor > expected) {
        doubled++;
      }
    }
    return new PaymentsAudit(rejected, unanswered, lost, doubled, funded == found);
  }
}
