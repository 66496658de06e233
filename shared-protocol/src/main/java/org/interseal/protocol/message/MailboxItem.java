package org.interseal.protocol.message;

import org.jspecify.annotations.Nullable;

/**
 * The body of a row in the {@code mailbox} table, whose stream is the owner: a device id, or {@link
 * #branchStream}. A gateway reads it and hands it on; it can open nothing.
 *
 * @param v format version, 1
 * @param inReplyTo the {@link SubmissionId} that this answers, or none
 * @param envelope sealed to the owner
 */
public record MailboxItem(int v, @Nullable String inReplyTo, String envelope) {
  public static final int VERSION = 1;

  public MailboxItem {
    if (v != VERSION) {
      throw new IllegalArgumentException("mailbox item of format version " + v);
    }
  }

  /** Stream of a branch's mailbox. */
  public static String branchStream(String branchName) {
    return "branch:" + branchName;
  }
}
