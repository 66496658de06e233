package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.BodyRule;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.BlockRules;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;

/** A block's body is readable, within all limits, and creates or destroys no money. */
public final class LedgerBodyRule implements BodyRule {
  @Override
  public Optional<String> objection(Bytes body) {
    try {
      return BlockRules.check(BlockCodec.decode(body));
    } catch (MalformedMessage e) {
      return Optional.of("not readable");
    }
  }
}
