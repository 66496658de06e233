/**
 * Tags on rows of {@code transactions}: by a key that writer and reader share, the reader knows a
 * row's writer before it opens the envelope. Why: docs/decisions/0007; form:
 * docs/reference/tags.md.
 *
 * <pre>
 * writer                                            reader
 *   RowTagger  -- heartbeats: tag.READER.WRITER --&gt;   TagKeys
 *              -- transactions: envelope~1TAG   --&gt;   TagKeys.writerOf
 * </pre>
 */
@NullMarked
package org.interseal.protocol.tag;

import org.jspecify.annotations.NullMarked;
