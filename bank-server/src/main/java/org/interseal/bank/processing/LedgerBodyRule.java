package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.BodyRule;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.BlockRules;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;

/**
 * A block's body is readable, within all limits, and creates or destroys no money. Thread-safe.
 *
 * <p>A writer reads back what it is about to append. It has the content that it encoded at hand, so the rule needs not
 * parse those very bytes again.
 */
public final class LedgerBodyRule implements BodyRule {
  private record Encoded(Bytes bytes, BlockBody content) {}

  private volatile @Nullable Encoded own;

  /** Encodes a block of our own. */
  Bytes encode(BlockBody content) {
    Bytes bytes = BlockCodec.encode(content);
    own = new Encoded(bytes, content);
    return bytes;
  }

  @Override
  public Optional<String> objection(Bytes body) {
    Encoded ours = own;
    if (ours != null && ours.bytes().equals(body)) {
      return BlockRules.check(ours.content());
    }
    try {
      return BlockRules.check(BlockCodec.decode(body));
    } catch (MalformedMessage e) {
      return Optional.of("not readable");
    }
  }
}
