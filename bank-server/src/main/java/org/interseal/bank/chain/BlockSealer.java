package org.interseal.bank.chain;

import java.security.SecureRandom;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.StoreUnavailable;

/**
 * Makes block documents of one chain in the name of one node. Thread-safe.
 *
 * <p>Security guarantees: every document has a data key of its own; its body opens only beside its
 * own header and for whoever holds the period key.
 */
public final class BlockSealer {
  private final ChainIdentity chain;
  private final String node;
  private final SigningKey key;
  private final PeriodKeys periods;
  private final SecureRandom random;

  /**
   * @param node this server's name, as certified
   * @param key the key certified for it
   */
  public BlockSealer(
      ChainIdentity chain, String node, SigningKey key, PeriodKeys periods, SecureRandom random) {
    if (!BlockHeader.NODE.matcher(node).matches()) {
      throw new IllegalArgumentException("not a node name: " + node);
    }
    this.chain = chain;
    this.node = node;
    this.key = key;
    this.periods = periods;
    this.random = random;
  }

  /** The document for the block after {@code tip}; two calls never give the same bytes. */
  BlockDocument seal(ChainTip tip, int attempt, long fence, Bytes body)
      throws ChainRefused, StoreUnavailable {
    return seal(BlockHeader.VERSION, tip, attempt, fence, body);
  }

  /** The current one, step by step: a block may only be one period later than the one before. */
  private String periodAfter(ChainTip tip) {
    String current = periods.currentPeriod();
    int number = PeriodKeys.number(current);
    return number == 0
        ? current
        : Integer.toString(Math.clamp(number, Math.max(1, tip.period()), tip.period() + 1));
  }

  /** As an earlier program made it. */
  BlockDocument seal(int version, ChainTip tip, int attempt, long fence, Bytes body)
      throws ChainRefused, StoreUnavailable {
    return sealIn(periodAfter(tip), version, tip, attempt, fence, body);
  }

  /** In a period whether or not it may follow. */
  BlockDocument sealIn(
      String period, int version, ChainTip tip, int attempt, long fence, Bytes body)
      throws ChainRefused, StoreUnavailable {
    SecretKey256 periodKey =
        periods
            .key(period)
            .orElseThrow(() ->
                new ChainRefused(
                    ChainRefused.Reason.PERIOD_KEY_MISSING,
                    "the key of period " + period + " is not wrapped to this node"));
    ChainPlace place = tip.next(attempt);
    Bytes context =
        BlockHeader.context(
            version, chain, place.height(), attempt, tip.hash(), fence, node, period);
    SecretKey256 dataKey = SecretKey256.generate(random);
    Bytes sealedBody = dataKey.encrypt(body, context, random);
    BlockHeader header =
        new BlockHeader(
            version,
            chain.bank(),
            chain.partition(),
            place.height(),
            attempt,
            tip.hash(),
            fence,
            node,
            period,
            dataKey.wrapUnder(periodKey, context, random),
            Bytes.sha256(sealedBody));
    String statement =
        SignedStatement.sign(BlockDocument.STATEMENT_TYPE, ProtocolJson.encode(header), key);
    return new BlockDocument(statement, sealedBody.toBase64Url());
  }
}
