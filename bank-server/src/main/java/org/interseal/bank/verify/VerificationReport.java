package org.interseal.bank.verify;

import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.crypto.Bytes;

/**
 * What an offline verification found.
 *
 * @param chains one per partition of each bank, in the order in which they were given
 * @param findings in the same order, within a chain in rising height; of one problem in one chain
 *     no more than {@link FederationVerifier#MAX_FINDINGS_OF_A_KIND}
 */
public record VerificationReport(List<ChainSummary> chains, List<Finding> findings) {
  public VerificationReport {
    chains = List.copyOf(chains);
    findings = List.copyOf(findings);
  }

  /**
   * One chain, up to where it is sound.
   *
   * @param hash of the block at {@code height}
   * @param voidRows junk that was passed over: at a height that has its block none of it means
   *     anything
   */
  public record ChainSummary(ChainIdentity chain, long height, Bytes hash, long voidRows) {}

  public boolean sound() {
    return findings.isEmpty();
  }

  /** The first bad place. */
  public Optional<Finding> first() {
    return findings.stream().findFirst();
  }
}
