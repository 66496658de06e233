package org.interseal.bank.chain;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * What a block's writer signs.
 *
 * @param v format version, 1 or 2
 * @param previous hash of the block before
 * @param period names the key that {@code dataKey} is wrapped under
 * @param dataKey the body's key, wrapped (60 bytes)
 * @param sealedBody SHA-256 of the encrypted body
 */
record BlockHeader(
    int v,
    BankId bank,
    int partition,
    long height,
    int attempt,
    Bytes previous,
    long fence,
    String node,
    String period,
    Bytes dataKey,
    Bytes sealedBody) {
  /** What is written. Version 2 has evictions, siblings, openings; see docs/reference/blocks.md. */
  static final int VERSION = 2;

  private static final int FIRST_VERSION = 1;
  static final int HASH_BYTES = 32;
  static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  static final Pattern PERIOD = Pattern.compile("[A-Za-z0-9_-]{1,32}");
  private static final int WRAPPED_KEY_BYTES = 60;

  BlockHeader {
    require(isKnown(v), "version");
    require(previous.size() == HASH_BYTES && sealedBody.size() == HASH_BYTES, "hash");
    require(dataKey.size() == WRAPPED_KEY_BYTES, "wrapped key");
    require(fence >= 1, "fence");
    require(NODE.matcher(node).matches() && PERIOD.matcher(period).matches(), "name");
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException("block header: " + what);
    }
  }

  /** Whether this program can judge a block of that version. */
  static boolean isKnown(int version) {
    return version >= FIRST_VERSION && version <= VERSION;
  }

  boolean isAt(ChainIdentity chain, ChainPlace place) {
    return bank.equals(chain.bank())
        && partition == place.partition()
        && height == place.height()
        && attempt == place.attempt();
  }

  /**
   * Associated data of the body and context of the data key's wrapping: a body fits into one header
   * only.
   */
  Bytes context() {
    return context(
        v, new ChainIdentity(bank, partition), height, attempt, previous, fence, node, period);
  }

  static Bytes context(
      int version,
      ChainIdentity chain,
      long height,
      int attempt,
      Bytes previous,
      long fence,
      String node,
      String period) {
    return Bytes.sha256OfFields(
        "interseal block v" + version,
        Bytes.utf8(chain.bank().value()),
        decimal(chain.partition()),
        decimal(height),
        decimal(attempt),
        previous,
        decimal(fence),
        Bytes.utf8(node),
        Bytes.utf8(period));
  }

  private static Bytes decimal(long number) {
    return Bytes.of(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
  }
}
