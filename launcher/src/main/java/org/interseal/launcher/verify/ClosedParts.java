package org.interseal.launcher.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.processing.EvictionProofs;
import org.interseal.bank.processing.LedgerContent;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.bank.verify.ArchivedBlocks;
import org.interseal.bank.verify.BankBooks;
import org.interseal.bank.verify.FederationVerifier;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.bank.verify.VerificationReport;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Finds what of a bank's chains is closed by following each from its first block, with the founding
 * vault's keys: whoever may write the bank's tables can leave a hint at a block that is in no
 * chain. The bank may run meanwhile; what comes after the closing block is not judged.
 */
public final class ClosedParts {
  private ClosedParts() {}

  /**
   * One chain.
   *
   * @param closed empty when nothing is closed, or nobody can tell
   * @param doubt why nobody can tell, for a person
   */
  public record OfChain(ChainIdentity chain, Optional<ClosedPart> closed, Optional<String> doubt) {
    /**
     * The closed part; empty when nothing is closed.
     *
     * @throws IOException when nobody can tell
     */
    public Optional<ClosedPart> certain() throws IOException {
      if (doubt.isPresent()) {
        throw new IOException(
            "what of " + chain + " is closed cannot be told from the chain: " + doubt.get());
      }
      return closed;
    }
  }

  /**
   * Each chain of the bank.
   *
   * @param archives everything that was dropped
   */
  public static List<OfChain> of(FoundingAccess access, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    BankId bank = access.bank();
    int partitions =
        access
            .banks()
            .bank(bank)
            .orElseThrow(() -> new IOException(bank + " has no licence"))
            .partitions();
    ArchivedBlocks blocks =
        new ArchivedBlocks(
            access.own().append(TableName.BLOCKS),
            archives.stream().filter(archive -> archive.header().bank().equals(bank)).toList());
    Map<ChainIdentity, LedgerAudit> audits = new HashMap<>();
    VerificationReport report =
        FederationVerifier.followChains(
            new BankBooks(
                bank,
                partitions,
                blocks,
                new RegistryNodeTrust(bank, access.banks()),
                access.periodKeys(),
                partition ->
                    LedgerContent.empty(bank, partition, EvictionProofs.under(access.banks())),
                partition -> {
                  LedgerAudit audit = new LedgerAudit(bank, partition, Set.of());
                  audits.put(new ChainIdentity(bank, partition), audit);
                  return audit;
                }));
    List<OfChain> parts = new ArrayList<>();
    for (VerificationReport.ChainSummary chain : report.chains()) {
      LedgerAudit audit = audits.get(chain.chain());
      if (audit == null) {
        throw new IllegalStateException("no ledger was folded for " + chain.chain());
      }
      parts.add(judged(access, chain.chain(), audit.openings(), report, blocks.differing()));
    }
    return parts;
  }

  private static OfChain judged(
      FoundingAccess access,
      ChainIdentity chain,
      OpeningsAudit openings,
      VerificationReport report,
      Set<String> differing)
      throws StoreUnavailable {
    Optional<ClosedPart> closed = openings.closed();
    long judgedUpTo = closed.map(part -> part.closedAt().height()).orElse(Long.MAX_VALUE);
    List<BadPlace> bad = new ArrayList<>();
    report.findings().stream()
        .filter(finding -> finding.partition() == chain.partition())
        .filter(finding -> finding.height() <= judgedUpTo)
        .map(BadPlace::of)
        .forEach(bad::add);
    bad.addAll(openings.end(new OpeningLoader(chain, access.own(), access.periodKeys())));
    differing.stream()
        .sorted()
        .map(id -> BadPlace.inDatabase(chain.bank().value(), "ARCHIVE_DIFFERS", id))
        .forEach(bad::add);
    return bad.isEmpty()
        ? new OfChain(chain, closed, Optional.empty())
        : new OfChain(chain, Optional.empty(), Optional.of(bad.getFirst().toString()));
  }
}
