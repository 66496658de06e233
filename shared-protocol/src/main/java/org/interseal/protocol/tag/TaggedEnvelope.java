package org.interseal.protocol.tag;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.TagKey;
import org.jspecify.annotations.Nullable;

/**
 * What a row of {@code transactions} holds: an envelope, and behind it a tag or none. The row's id
 * and the submission's name go by the envelope alone.
 *
 * @param tag {@link TagKey#TAG_BYTES} bytes; none when there is none, or of another version
 */
public record TaggedEnvelope(String envelope, @Nullable Bytes tag) {
  /** Stands in no envelope. The character behind it is the version. */
  private static final char MARK = '~';

  private static final char VERSION = '1';

  /** Of base64url. */
  private static final int TAG_LENGTH = 22;

  /** Longest suffix of any version that is taken for one. */
  private static final int MAX_SUFFIX_LENGTH = 128;

  /** Reads a row's body; whatever follows the mark is no part of the envelope. */
  public static TaggedEnvelope of(String body) {
    int mark = body.lastIndexOf(MARK);
    if (mark < 0 || body.length() - mark > MAX_SUFFIX_LENGTH) {
      return new TaggedEnvelope(body, null);
    }
    String envelope = body.substring(0, mark);
    if (body.length() - mark != TAG_LENGTH + 2 || body.charAt(mark + 1) != VERSION) {
      return new TaggedEnvelope(envelope, null);
    }
    try {
      return new TaggedEnvelope(envelope, Bytes.base64Url(body.substring(mark + 2)));
    } catch (IllegalArgumentException e) {
      return new TaggedEnvelope(envelope, null);
    }
  }

  /** As it is stored. */
  public String body() {
    return tag == null ? envelope : envelope + MARK + VERSION + tag.toBase64Url();
  }

  /** What is tagged: this envelope in this row. */
  static Bytes text(String rowId, String submissionId) {
    return Bytes.utf8("interseal row tag v1 " + rowId + " " + submissionId);
  }
}
