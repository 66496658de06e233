package org.interseal.bank.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.ChainHead;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Verifies banks' books while nobody writes them: every row of every chain, the balances that
 * follow from them, and what banks say of each other.
 *
 * <p>Finds: any change of a byte of a block's id, stream or document; a block dropped, inserted or
 * moved; a second history; balances that do not add up; a chain whose end was cut off, where
 * another bank's chain names a later head. Cannot find: an end cut off that no one else has heard
 * of (each server's remembered head does).
 */
public final class FederationVerifier {
  /** Most findings of one problem in one chain, so that those of one hide none of another. */
  public static final int MAX_FINDINGS_OF_A_KIND = 10;

  private static final int PAGE = 256;

  private FederationVerifier() {}

  /** Verifies these banks, each against itself and against the others given. */
  public static VerificationReport verify(List<BankBooks> banks) throws StoreUnavailable {
    Map<ChainIdentity, ChainAudit> audits = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    for (BankBooks books : banks) {
      List<ChainAudit> ofBank = auditBank(books, findings);
      ofBank.forEach(audit -> audits.put(audit.chain(), audit));
    }
    Map<ChainIdentity, FoldedLedger> ledgers = new LinkedHashMap<>();
    audits.forEach((chain, audit) -> {
      if (audit.complete()) {
        ledgers.put(chain, audit.folded());
      }
    });
    ledgers.forEach((chain, ledger) -> checkConservation(chain, audits, ledger, findings));
    ledgers.forEach((chain, ledger) -> checkPeerHeads(chain, audits, ledger, findings));
    findings.addAll(Mirrors.check(banks, audits, ledgers));
    return new VerificationReport(
        audits.values().stream().map(ChainAudit::summary).toList(), findings);
  }

  /**
   * Follows a bank's chains each by itself, from their first blocks: not what they say of each
   * other or of other banks, nor rows that are in no chain. The bank may write meanwhile; a finding
   * at the end is then worth nothing.
   */
  public static VerificationReport followChains(BankBooks bank) throws StoreUnavailable {
    List<Finding> findings = new ArrayList<>();
    List<ChainAudit> audits = auditBank(bank, findings);
    return new VerificationReport(
        audits.stream().map(ChainAudit::summary).toList(),
        findings.stream().filter(finding -> finding.problem() != Problem.STRAY_ROW).toList());
  }

  private static List<ChainAudit> auditBank(BankBooks books, List<Finding> findings)
      throws StoreUnavailable {
    List<ChainAudit> audits = new ArrayList<>();
    for (int partition = 0; partition < books.partitions(); partition++) {
      audits.add(new ChainAudit(books, partition));
    }
    List<Finding> strays = new ArrayList<>();
    AppendTable blocks = books.blocks();
    String from = "";
    for (List<Row> page = blocks.readById("", from, PAGE);
        !page.isEmpty();
        page = blocks.readById("", from, PAGE)) {
      for (Row row : page) {
        Optional<ChainPlace> place =
            ChainPlace.parse(row.id()).filter(p -> p.partition() < books.partitions());
        if (place.isPresent()) {
          audits.get(place.get().partition()).take(row, place.get());
        } else if (strays.size() < MAX_FINDINGS_OF_A_KIND) {
          strays.add(new Finding(books.bank(), 0, 0, Problem.STRAY_ROW, row.id()));
        }
      }
      // The next id in order: '-' is the lowest character that an id may have.
      from = page.getLast().id() + "-";
    }
    for (ChainAudit audit : audits) {
      audit.end();
      findings.addAll(audit.findings());
    }
    findings.addAll(strays);
    return audits;
  }

  private static void checkConservation(
      ChainIdentity chain,
      Map<ChainIdentity, ChainAudit> audits,
      FoldedLedger ledger,
      List<Finding> findings) {
    ledger
        .sumMinor()
        .forEach((currency, sum) -> {
          if (sum != 0) {
            findings.add(
                atEnd(
                    chain,
                    audits,
                    Problem.NOT_CONSERVED,
                    "accounts in " + currency.value() + " add up to " + sum));
          }
        });
  }

  private static void checkPeerHeads(
      ChainIdentity chain,
      Map<ChainIdentity, ChainAudit> audits,
      FoldedLedger ledger,
      List<Finding> findings) {
    for (ChainHead head : ledger.peerHeads()) {
      ChainAudit peer = audits.get(new ChainIdentity(head.bank(), head.partition()));
      if (peer == null) {
        findings.add(
            atEnd(
                chain,
                audits,
                Problem.BOOKS_MISSING,
                head.bank() + " partition " + head.partition()));
        continue;
      }
      Optional<Bytes> standing = peer.hashAt(head.height());
      if (!standing.equals(Optional.of(head.hash()))) {
        findings.add(
            new Finding(
                head.bank(),
                head.partition(),
                head.height(),
                Problem.PEER_HEAD_CONTRADICTED,
                (standing.isEmpty() ? "no such block" : "another block")
                    + ", but the chain of "
                    + chain
                    + " remembers "
                    + head.hash().toHex()
                    + " there"));
      }
    }
  }

  static Finding atEnd(
      ChainIdentity chain, Map<ChainIdentity, ChainAudit> audits, Problem problem, String detail) {
    ChainAudit audit = audits.get(chain);
    long height = audit == null ? 0 : audit.summary().height();
    return new Finding(chain.bank(), chain.partition(), height, problem, detail);
  }
}
