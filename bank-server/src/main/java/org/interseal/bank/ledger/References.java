package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * References of customers and branches that were answered in the last 30 days of ledger time.
 *
 * @param byKey by {@link ReferenceMark#key}
 * @param queue in order of expiry, which is the order of arrival
 * @param nextSequence one more than how many there ever were
 */
record References(RememberedAnswers byKey, ExpiryQueue queue, long nextSequence) {
  /** How long a reference is remembered. */
  static final long LIFE_MILLIS = 30L * 24 * 60 * 60 * 1000;

  /**
   * Most entries forgotten per block: more than a block can add, so that forgetting always catches
   * up.
   */
  static final int MAX_FORGOTTEN_PER_BLOCK = 2 * BlockBody.MAX_ITEMS;

  static final References EMPTY = new References(RememberedAnswers.EMPTY, ExpiryQueue.EMPTY, 1);

  /** An entry of the queue. */
  record Due(Bytes key, long expiresAtMillis) {}

  /** The first answer to a reference. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Instruction.class, name = "instruction"),
    @JsonSubTypes.Type(value = Cash.class, name = "cash"),
  })
  sealed interface Remembered {
    Bytes content();

    long expiresAtMillis();
  }

  /** A payment instruction and where it stands. */
  record Instruction(
      Bytes content,
      long expiresAtMillis,
      String endToEndId,
      UUID uetr,
      Money amount,
      TransactionStatus status,
      @Nullable ReasonCode reason,
      long decidedAtMillis)
      implements Remembered {
    Instruction moved(
        TransactionStatus newStatus, @Nullable ReasonCode newReason, long timeMillis) {
      return new Instruction(
          content, expiresAtMillis, endToEndId, uetr, amount, newStatus, newReason, timeMillis);
    }
  }

  /** A cash request: booked when there is no reason. */
  record Cash(
      Bytes content,
      long expiresAtMillis,
      @Nullable Money branchCash,
      @Nullable ReasonCode reason,
      @Nullable String detail)
      implements Remembered {}

  @Nullable Remembered find(Bytes key, long timeMillis) {
    Remembered found = byKey.get(key);
    return found != null && found.expiresAtMillis() > timeMillis ? found : null;
  }

  References remember(Bytes key, Remembered entry) {
    return new References(
        byKey.plus(key, entry),
        queue.plus(new Due(key, entry.expiresAtMillis())),
        nextSequence + 1);
  }

  /**
   * Moves an instruction that is still remembered. After it is forgotten its reference may stand
   * for another payment, which the answer to the old one does not touch.
   */
  References moved(
      ReferenceMark mark, TransactionStatus status, @Nullable ReasonCode reason, long timeMillis) {
    return byKey.get(mark.key()) instanceof Instruction found
            && found.content().equals(mark.content())
        ? new References(
            byKey.plus(mark.key(), found.moved(status, reason, timeMillis)), queue, nextSequence)
        : this;
  }

  References forgetExpired(long timeMillis) {
    RememberedAnswers kept = byKey;
    ExpiryQueue waiting = queue;
    for (int i = 0; i < MAX_FORGOTTEN_PER_BLOCK; i++) {
      Due due = waiting.peek();
      if (due == null || due.expiresAtMillis() > timeMillis) {
        break;
      }
      waiting = waiting.minusFirst();
      Remembered entry = kept.get(due.key());
      // The key may have been used again after it expired and before it was forgotten.
      if (entry != null && entry.expiresAtMillis() <= timeMillis) {
        kept = kept.minus(due.key());
      }
    }
    return new References(kept, waiting, nextSequence);
  }
}
