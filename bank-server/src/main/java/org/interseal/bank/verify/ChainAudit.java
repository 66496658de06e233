package org.interseal.bank.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainValidator;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.Judgement;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.crypto.Bytes;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/** Accounts for every row of one chain, fed in id order. */
final class ChainAudit {
  private final ChainIdentity chain;
  private final ChainValidator validator;
  private final LedgerFold fold;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Bytes> hashes = new ArrayList<>();
  private ChainTip tip;
  private boolean broken;
  private long voidRows;

  // The height after the tip: how many rows in a row were void, and the first one's reason.
  private int voidAttempts;
  private String firstVoid = "";

  // What the block at the tip followed, to see whether a second row would have been valid there
  // too.
  private ChainTip beforeTip;

  ChainAudit(BankBooks books, int partition) {
    this.chain = new ChainIdentity(books.bank(), partition);
    this.validator = new ChainValidator(chain, books.trust(), books.periods());
    this.fold = books.newFold().apply(partition);
    this.tip = chain.start(books.emptyContent().apply(partition));
    this.beforeTip = tip;
  }

  /** A row whose id is a place of this chain. */
  void take(Row row, ChainPlace place) throws StoreUnavailable {
    if (broken) {
      // The first bad place is known; nothing behind it can be judged.
      return;
    }
    if (place.height() == tip.height() && tip.height() > 0) {
      besideTheBlock(row, place);
    } else if (place.height() == tip.height() + 1) {
      if (place.attempt() == voidAttempts) {
        next(row, place);
      } else {
        stop(
            place.height(),
            Problem.MISSING_BLOCK,
            "attempt " + voidAttempts + " has no row, but " + row.id() + " has");
      }
    } else {
      stopBefore(row);
    }
  }

  private void next(Row row, ChainPlace place) throws StoreUnavailable {
    switch (judge(row, tip, place)) {
      case Verdict.Block(ChainedBlock block) -> accept(block);
      case Verdict.Junk(String why) -> {
        if (voidAttempts++ == 0) {
          firstVoid = why;
        }
      }
      case Verdict.Unclear(String why) -> stop(place.height(), Problem.UNREADABLE, why);
    }
  }

  private void accept(ChainedBlock block) {
    voidRows += voidAttempts;
    voidAttempts = 0;
    beforeTip = tip;
    tip = block.tip();
    hashes.add(block.hash());
    if (block.isFence()) {
      fold.feedFence(block);
    } else {
      fold.feed(block);
    }
  }

  private void besideTheBlock(Row row, ChainPlace place) throws StoreUnavailable {
    switch (judge(row, beforeTip, place)) {
      case Verdict.Block ignored ->
          note(place.height(), Problem.FORKED, row.id() + " is valid beside the block");
      case Verdict.Junk ignored -> voidRows++;
      // Whatever it is, the block's lower attempt goes before it.
      case Verdict.Unclear(String why) -> note(place.height(), Problem.UNREADABLE, why);
    }
  }

  private sealed interface Verdict {
    record Block(ChainedBlock block) implements Verdict {}

    record Junk(String why) implements Verdict {}

    record Unclear(String why) implements Verdict {}
  }

  private Verdict judge(Row row, ChainTip after, ChainPlace place) throws StoreUnavailable {
    try {
      return switch (validator.judge(row, after, place.attempt())) {
        case Judgement.Valid(ChainedBlock block) -> new Verdict.Block(block);
        case Judgement.NoBlock(var reason, String detail) ->
            new Verdict.Junk(reason + (detail.isEmpty() ? "" : " (" + detail + ")"));
      };
    } catch (ChainRefused e) {
      return new Verdict.Unclear(String.valueOf(e.getMessage()));
    }
  }

  /** History goes on above a height that has no block. */
  private void stopBefore(Row row) {
    if (voidAttempts > 0) {
      stop(tip.height() + 1, Problem.BROKEN_BLOCK, firstVoid);
    } else {
      stop(tip.height() + 1, Problem.MISSING_BLOCK, "the next row is " + row.id());
    }
  }

  /** The last row was fed. */
  void end() {
    if (!broken && voidAttempts > 0) {
      // Squatted or altered: from the rows alone nobody can tell, so somebody has to look.
      stop(tip.height() + 1, Problem.BROKEN_BLOCK, firstVoid);
    }
  }

  private void stop(long height, Problem problem, String detail) {
    broken = true;
    note(height, problem, detail);
  }

  private void note(long height, Problem problem, String detail) {
    long alike = findings.stream().filter(f -> f.problem() == problem).count();
    if (alike < FederationVerifier.MAX_FINDINGS_OF_A_KIND) {
      findings.add(new Finding(chain.bank(), chain.partition(), height, problem, detail));
    }
  }

  ChainIdentity chain() {
    return chain;
  }

  List<Finding> findings() {
    return findings;
  }

  VerificationReport.ChainSummary summary() {
    return new VerificationReport.ChainSummary(chain, tip.height(), tip.hash(), voidRows);
  }

  /** Whether the fold's end means something. */
  boolean complete() {
    return !broken;
  }

  FoldedLedger folded() {
    return fold.end();
  }

  /** The hash of the block at a height from 1; empty above the sound part. */
  Optional<Bytes> hashAt(long height) {
    return height < 1 || height > hashes.size()
        ? Optional.empty()
        : Optional.of(hashes.get((int) height - 1));
  }
}
