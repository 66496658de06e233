package org.interseal.protocol.tag;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/**
 * A tag key as its writer publishes it, signed by the writer's own key as a statement of type
 * {@link #STATEMENT_TYPE}.
 *
 * @param bank of the writer
 * @param role the code of the writer's {@link org.interseal.identity.PartyRole}
 * @param node the writer's name
 * @param reader whose rows are tagged with it
 * @param kid the reader's encryption key that it is wrapped to
 * @param number rises with each statement of a writer for a reader; the writer's clock in
 *     milliseconds, or one more than its last
 * @param wrapped the key
 */
record WriterTagKey(
    int v,
    BankId bank,
    String role,
    String node,
    BankId reader,
    KeyId kid,
    long number,
    Bytes wrapped) {
  static final int VERSION = 1;

  /** The {@code typ} of the signed statement. */
  static final String STATEMENT_TYPE = "interseal-tag-key";

  /** How ids of rows for this reader begin. */
  static String rowPrefix(BankId reader) {
    return "tag." + reader + ".";
  }

  static String rowId(BankId reader, Party writer) {
    return rowPrefix(reader) + writer.bank() + "." + writer.role().code() + "." + writer.name();
  }

  /** What the wrapping is bound to. */
  static Bytes context(BankId reader, Party writer) {
    return Bytes.utf8("interseal tag key v1 " + rowId(reader, writer));
  }
}
