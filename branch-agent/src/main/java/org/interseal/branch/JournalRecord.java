package org.interseal.branch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/** A fact that the branch must not forget. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalRecord.Sent.class, name = "sent"),
  @JsonSubTypes.Type(value = JournalRecord.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = JournalRecord.ReadUpTo.class, name = "readUpTo"),
  @JsonSubTypes.Type(value = JournalRecord.NextNumber.class, name = "nextNumber")
})
sealed interface JournalRecord {
  /**
   * A letter that was sealed under a number.
   *
   * @param messageId 16 random bytes, also the name of the request towards tellers
   * @param number the branch's message number
   * @param type the message's class, as the letter's type names it
   * @param envelope the bytes that are sent, now and at every repetition; empty once it is answered
   *     and only its key is kept
   * @param teller who asked
   * @param idempotencyKey the teller's own name for the request, or none
   * @param contentDigest tells a repetition from another request under the same key
   * @param activationCode the printed code that the request issues, or none
   */
  record Sent(
      Bytes messageId,
      long number,
      String type,
      String envelope,
      long createdAtMillis,
      long expiresAtMillis,
      String teller,
      @Nullable String idempotencyKey,
      Bytes contentDigest,
      @Nullable String activationCode)
      implements JournalRecord {
    /** Without the envelope and the code. */
    @Override
    public String toString() {
      return "Sent[" + messageId.toBase64Url() + " " + number + " " + type + "]";
    }
  }

  /**
   * The bank's answer.
   *
   * @param type the notice's class, as its letter's type names it
   * @param notice its JSON
   */
  record Answered(Bytes messageId, String type, Bytes notice, long atMillis)
      implements JournalRecord {}

  /** The mailbox was worked off up to here. */
  record ReadUpTo(long timestampMillis, String rowId) implements JournalRecord {}

  /** Numbers below were used, or must not be. */
  record NextNumber(long number) implements JournalRecord {}
}
