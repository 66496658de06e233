package org.interseal.client;

import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceNotice;

/** What the payer knows about a payment. */
public sealed interface PaymentOutcome {
  /** The bank debited the payer; the payee's bank has not answered yet. */
  record Accepted(DeviceNotice.PaymentStatus status) implements PaymentOutcome {}

  /** The payee has the money. Final. */
  record Settled(DeviceNotice.PaymentStatus status) implements PaymentOutcome {}

  /**
   * The payer has the money. Final.
   *
   * @param status the bank's receipt; none when the bank refused the message before it became a
   *     payment
   */
  record Rejected(ReasonCode reason, Optional<DeviceNotice.PaymentStatus> status)
      implements PaymentOutcome {}

  /**
   * Nothing is known: the bank may or may not have acted. The envelope is kept and the same bytes
   * are sent again until it is answered or expires; the instruction id makes asking again harmless
   * too.
   */
  record Unanswered(Bytes messageId, String why) implements PaymentOutcome {}

  /** Whether it cannot change any more. */
  default boolean isFinal() {
    return switch (this) {
      case Settled _, Rejected _ -> true;
      case Accepted _, Unanswered _ -> false;
    };
  }

  /** What a status says. */
  static PaymentOutcome of(DeviceNotice.PaymentStatus status) {
    return switch (status.status()) {
      case RCVD, PDNG, ACSP -> new Accepted(status);
      case ACCC -> new Settled(status);
      case RJCT ->
          new Rejected(
              status.reason() == null ? ReasonCode.MS03 : status.reason(), Optional.of(status));
    };
  }
}
