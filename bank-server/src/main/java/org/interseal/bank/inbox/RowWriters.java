package org.interseal.bank.inbox;

import java.util.Optional;
import org.interseal.identity.Party;
import org.interseal.protocol.tag.TaggedEnvelope;

/** Who wrote a row, as far as that can be told before it is opened. Thread-safe; from memory. */
@FunctionalInterface
public interface RowWriters {
  /** Empty for a row without a tag, or with one that no writer whose key is known made. */
  Optional<Party> writerOf(String rowId, String submissionId, TaggedEnvelope content);
}
