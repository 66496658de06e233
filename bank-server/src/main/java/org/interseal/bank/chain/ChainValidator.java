package org.interseal.bank.chain;

import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.VerificationKey;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Says whether a row is the block at its place, from the chain before it alone: hash chain,
 * certified signature, fence, readable and conservative body that fits what is before it. It looks
 * at no clock and no lease and decides nothing again, so every reader comes to the same judgement
 * at any time. Thread-safe.
 */
public final class ChainValidator {
  private final ChainIdentity chain;
  private final NodeTrust trust;
  private final PeriodKeys periods;

  public ChainValidator(ChainIdentity chain, NodeTrust trust, PeriodKeys periods) {
    this.chain = chain;
    this.trust = trust;
    this.periods = periods;
  }

  /** A row turned out to be no block. */
  private static final class Voided extends Exception {
    private static final long serialVersionUID = 1L;
    private final VoidReason reason;

    Voided(VoidReason reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
    }

    Judgement judgement() {
      return new Judgement.NoBlock(reason, String.valueOf(getMessage()));
    }
  }

  /**
   * Judges what stands at attempt {@code attempt} after {@code tip}.
   *
   * @throws ChainRefused when it may well be a block but this program or node cannot tell; never
   *     for what somebody without a certified key wrote
   */
  public Judgement judge(Row row, ChainTip tip, int attempt) throws StoreUnavailable, ChainRefused {
    try {
      return new Judgement.Valid(validBlock(row, tip, tip.next(attempt)));
    } catch (Voided e) {
      return e.judgement();
    } catch (MalformedMessage e) {
      return new Judgement.NoBlock(VoidReason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private ChainedBlock validBlock(Row row, ChainTip tip, ChainPlace place)
      throws Voided, MalformedMessage, StoreUnavailable, ChainRefused {
    if (!row.id().equals(place.rowId())
        || !row.stream().equals(ChainPlace.stream(place.partition()))) {
      throw new Voided(VoidReason.WRONG_PLACE, "filed elsewhere");
    }
    BlockDocument document = BlockDocument.parse(row.body());
    BlockHeader header = signedHeader(document, tip, place);
    checkFollows(header, tip, place);
    Bytes body = openBody(document, header, place);
    ChainContent content = checkedContent(header, body, tip);
    return new ChainedBlock(
        place,
        document.hash(),
        header.previous(),
        header.fence(),
        header.node(),
        header.period(),
        body,
        content);
  }

  /**
   * The hash that a row names as its predecessor's, when a server of the bank signed it for its
   * place that {@code tip} knows of no eviction of.
   */
  Optional<Bytes> signedPrevious(Row row, ChainPlace place, ChainTip tip)
      throws StoreUnavailable, ChainRefused {
    try {
      BlockHeader header = signedHeader(BlockDocument.parse(row.body()), tip, place);
      return header.isAt(chain, place) ? Optional.of(header.previous()) : Optional.empty();
    } catch (Voided | MalformedMessage e) {
      return Optional.empty();
    }
  }

  /**
   * Opens the block whose hash a later block names: that settles what it is, so nothing is judged
   * again.
   *
   * @param document of that hash
   */
  ChainedBlock open(BlockDocument document, ChainPlace place)
      throws StoreUnavailable, ChainRefused {
    try {
      BlockHeader header = document.header();
      Bytes body = openBody(document, header, place);
      return new ChainedBlock(
          place,
          document.hash(),
          header.previous(),
          header.fence(),
          header.node(),
          header.period(),
          body,
          ChainContent.NOT_FOLLOWED);
    } catch (Voided | MalformedMessage e) {
      throw new IllegalStateException(
          "block " + chain.bank() + " " + place.rowId() + " was valid once", e);
    }
  }

  private BlockHeader signedHeader(BlockDocument document, ChainTip tip, ChainPlace place)
      throws Voided, MalformedMessage, StoreUnavailable, ChainRefused {
    BlockDocument.Claim claim = document.claim();
    // Before anything else: whatever an evicted server says, in whatever format, stops nobody.
    if (tip.content().isEvicted(claim.key())) {
      throw new Voided(VoidReason.NODE_EVICTED, claim.node());
    }
    VerificationKey key =
        trust
            .keyOfWriter(claim.node(), claim.key(), tip)
            .orElseThrow(() -> new Voided(VoidReason.NODE_NOT_CERTIFIED, claim.node()));
    Bytes signed;
    try {
      signed = document.verifiedBy(key);
    } catch (CryptoFailure e) {
      throw new Voided(VoidReason.BAD_SIGNATURE, claim.node());
    }
    checkVersion(claim, place);
    return ProtocolJson.decode(signed, BlockHeader.class);
  }

  /**
   * A server alone stops nobody: a later version counts only with the word of the bank's certifying
   * key, which programs that know the version ask for too.
   */
  private void checkVersion(BlockDocument.Claim claim, ChainPlace place)
      throws Voided, ChainRefused {
    int version = claim.version();
    if (BlockHeader.isKnown(version)) {
      return;
    }
    if (version < BlockHeader.VERSION || !trust.approvesFormat(version, claim.approval())) {
      throw new Voided(VoidReason.VERSION_OUT_OF_RULE, Integer.toString(version));
    }
    throw new ChainRefused(
        ChainRefused.Reason.UNKNOWN_FORMAT_VERSION,
        "block "
            + chain.bank()
            + " "
            + place.rowId()
            + " has format version "
            + version
            + ", which the bank has approved; this program knows up to "
            + BlockHeader.VERSION
            + ": update it");
  }

  private void checkFollows(BlockHeader header, ChainTip tip, ChainPlace place) throws Voided {
    if (!header.isAt(chain, place)) {
      throw new Voided(VoidReason.WRONG_PLACE, "made for another place");
    }
    if (!header.previous().equals(tip.hash())) {
      throw new Voided(VoidReason.WRONG_PREVIOUS, "");
    }
    if (header.fence() < tip.fence()) {
      throw new Voided(VoidReason.FENCE_TOO_LOW, header.fence() + " after " + tip.fence());
    }
    // One at a time: a writer gone mad must not use up the numbers.
    if (header.fence() > tip.fence() + 1) {
      throw new Voided(VoidReason.FENCE_OUT_OF_RULE, header.fence() + " after " + tip.fence());
    }
    // Before its key is asked for: a name that the bank never gives would be waited for for ever.
    int period = PeriodKeys.number(header.period());
    if (period < Math.max(1, tip.period()) || period > tip.period() + 1) {
      throw new Voided(VoidReason.PERIOD_OUT_OF_RULE, header.period() + " after " + tip.period());
    }
  }

  private Bytes openBody(BlockDocument document, BlockHeader header, ChainPlace place)
      throws Voided, MalformedMessage, StoreUnavailable, ChainRefused {
    Bytes sealedBody = document.sealedBodyBytes();
    if (!Bytes.sha256(sealedBody).equals(header.sealedBody())) {
      throw new Voided(VoidReason.BODY_ALTERED, "");
    }
    SecretKey256 periodKey =
        periods
            .key(header.period())
            .orElseThrow(() ->
                new ChainRefused(
                    ChainRefused.Reason.PERIOD_KEY_MISSING,
                    "block "
                        + chain.bank()
                        + " "
                        + place.rowId()
                        + " is under the key of period "
                        + header.period()
                        + ", which is not wrapped to this node"));
    try {
      SecretKey256 dataKey = SecretKey256.unwrap(header.dataKey(), periodKey, header.context());
      return dataKey.decrypt(sealedBody, header.context());
    } catch (CryptoFailure e) {
      throw new Voided(VoidReason.UNREADABLE, "");
    }
  }

  private static ChainContent checkedContent(BlockHeader header, Bytes body, ChainTip tip)
      throws Voided {
    boolean raises = header.fence() > tip.fence();
    boolean empty = body.size() == 0;
    if (empty && !raises) {
      throw new Voided(VoidReason.FENCE_OUT_OF_RULE, "empty without raising");
    }
    return switch (tip.content().next(tip.height() + 1, header.v(), body)) {
      case ChainContent.Next.Fits(ChainContent after, boolean evicts) -> {
        if (raises && !empty && !evicts) {
          throw new Voided(VoidReason.FENCE_OUT_OF_RULE, "raised by a block with content");
        }
        yield after;
      }
      case ChainContent.Next.Objection(String detail) ->
          throw new Voided(VoidReason.BODY_OBJECTION, detail);
    };
  }
}
