package org.interseal.branch;

import java.util.concurrent.CompletableFuture;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * One request of a teller, from the desk to the bank's answer. Its moving parts are guarded by the
 * book.
 */
final class DeskRequest {
  private static final Bytes NO_HASH = Bytes.of(new byte[32]);

  final Bytes messageId;
  final String teller;
  final @Nullable String idempotencyKey;
  final Bytes contentDigest;
  final @Nullable String activationCode;

  /** The message to seal; none once it is sealed. */
  @Nullable BranchMessage message;

  JournalRecord.@Nullable Sent sent;
  JournalRecord.@Nullable Answered answered;
  long offerAtMillis;
  int offers;

  /** Whether the store acknowledged the letter to this process. */
  boolean stored;

  final CompletableFuture<Void> durable = new CompletableFuture<>();
  final CompletableFuture<DeskAnswer<BranchNotice>> answer = new CompletableFuture<>();

  DeskRequest(
      Bytes messageId,
      BranchMessage message,
      @Nullable String idempotencyKey,
      @Nullable String activationCode) {
    this.messageId = messageId;
    this.teller = message.teller();
    this.idempotencyKey = idempotencyKey;
    this.contentDigest = digest(message);
    this.activationCode = activationCode;
    this.message = message;
  }

  /** As the journal remembers it. */
  DeskRequest(JournalRecord.Sent sent) {
    this.messageId = sent.messageId();
    this.teller = sent.teller();
    this.idempotencyKey = sent.idempotencyKey();
    this.contentDigest = sent.contentDigest();
    this.activationCode = sent.activationCode();
    this.sent = sent;
    this.durable.complete(null);
  }

  /** Lets go of the letter, once it is answered and long over. */
  void shrink() {
    JournalRecord.Sent whole = sent;
    if (whole != null && !whole.envelope().isEmpty()) {
      sent =
          new JournalRecord.Sent(
              whole.messageId(),
              whole.number(),
              whole.type(),
              "",
              whole.createdAtMillis(),
              whole.expiresAtMillis(),
              whole.teller(),
              whole.idempotencyKey(),
              whole.contentDigest(),
              null);
    }
  }

  String id() {
    return messageId.toBase64Url();
  }

  /** What the teller asked; the secret that the branch drew itself is no part of it. */
  static Bytes digest(BranchMessage message) {
    BranchMessage asked =
        message instanceof BranchMessage.IssueActivationCode issue
            ? new BranchMessage.IssueActivationCode(issue.teller(), issue.account(), NO_HASH)
            : message;
    return Bytes.sha256OfFields(
        "interseal desk request v1",
        Bytes.utf8(MessageType.nameOf(message)),
        org.interseal.protocol.json.ProtocolJson.encode(asked));
  }
}
