package org.interseal.bank.processing;

import java.util.Locale;
import java.util.UUID;
import org.interseal.bank.ledger.Decision;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceMessage.InstructPayment;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts payments and leaves one log line per payment and hop. The lines of one payment share
 * {@code correlation}, a hash of its UETR, across banks; nothing in them is personal.
 */
final class PaymentTrail {
  private static final Logger log = LoggerFactory.getLogger(PaymentTrail.class);
  private static final int CORRELATION_BYTES = 8;

  private final BankMeters meters;

  PaymentTrail(BankMeters meters) {
    this.meters = meters;
  }

  /**
   * A decision stands.
   *
   * @param before the state that the block began with
   */
  void decided(LedgerState before, long height, LedgerInput input, Decision decision) {
    switch (input) {
      case LedgerInput.FromDevice in -> {
        if (in.message() instanceof InstructPayment(var payment)) {
          trail("instructed", decision.outcome(), payment.uetr(), in.reference(), height);
        }
      }
      case LedgerInput.TransferReceived in ->
          trail(
              "received",
              decision.outcome(),
              in.transfer().payment().uetr(),
              in.reference(),
              height);
      case LedgerInput.SiblingTransfer in ->
          trail(
              "received",
              decision.outcome(),
              in.transfer().payment().uetr(),
              in.reference(),
              height);
      case LedgerInput.SiblingAnswer in ->
          answered(
              before,
              new Peer(before.bank(), in.from()),
              in.report(),
              in.reference(),
              height,
              decision);
      case LedgerInput.ReportReceived in ->
          answered(
              before,
              new Peer(in.from(), in.fromPartition()),
              in.report(),
              in.reference(),
              height,
              decision);
      case LedgerInput.FromBranch _,
          LedgerInput.SiblingPassed _,
          LedgerInput.ResolutionPublished _,
          LedgerInput.RegistryObserved _,
          LedgerInput.ServerRevoked _,
          LedgerInput.TermsSet _,
          LedgerInput.Unusable _ -> {}
    }
  }

  private void answered(
      LedgerState before,
      Peer from,
      Report report,
      String reference,
      long height,
      Decision decision) {
    String kind = report.status() == TransactionStatus.RJCT ? "returned" : "completed";
    before
        .outstanding(from, report.number())
        .map(OutstandingTransfer::transfer)
        .ifPresentOrElse(
            transfer ->
                trail(kind, decision.outcome(), transfer.payment().uetr(), reference, height),
            // On nothing that waits: of no payment that could be followed, but counted.
            () -> count("reported", decision.outcome()));
  }

  private void trail(String step, String outcome, UUID uetr, String reference, long height) {
    count(step, outcome);
    if (log.isInfoEnabled()) {
      log.atInfo()
          .addKeyValue("correlation", correlation(uetr))
          .addKeyValue("reference", reference)
          .addKeyValue("height", height)
          .addKeyValue("outcome", outcome)
          .log("payment {}", step);
    }
  }

  private void count(String step, String outcome) {
    meters.payment(step + "-" + outcome.toLowerCase(Locale.ROOT));
  }

  /** The same in every bank that a payment passes. */
  static String correlation(UUID uetr) {
    return Bytes.sha256OfFields("interseal payment correlation v1", Bytes.utf8(uetr.toString()))
        .prefix(CORRELATION_BYTES)
        .toHex();
  }
}
