package org.interseal.bank.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainWorld;
import org.interseal.bank.chain.ChainWriter;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PlantedTable;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;

class FederationVerifierTest {
  private static final String A = "BKABXX00";
  private static final String B = "BKBBXX00";

  /** A bank with a chain. */
  private static final class Bank {
    final PlantedTable table = new PlantedTable();
    final ChainWorld world;
    final ChainWriter writer;
    ChainTip tip;

    Bank(String bank) {
      world = new ChainWorld(new BankId(bank), table);
      writer = world.writer("s1", ChainMemory.none());
      tip = world.appended(world.await(writer.appendFence(world.start(), 1))).tip();
    }

    ChainedBlock post(String body) {
      ChainedBlock block = world.appended(world.await(writer.append(tip, Bytes.utf8(body))));
      tip = block.tip();
      return block;
    }

    BankBooks books() {
      BankId bank = world.chain.bank();
      return new BankBooks(
          bank,
          1,
          table,
          world::trust,
          world.periods,
          _ -> ChainWorld.content(),
          partition -> new ScriptedFold(bank));
    }

    Row row(long height) {
      return table.rows().stream()
          .filter(row -> row.id().equals("p00.%012d.00".formatted(height)))
          .findFirst()
          .orElseThrow();
    }
  }

  private final Bank a = new Bank(A);
  private final Bank b = new Bank(B);

  private VerificationReport verify() throws Exception {
    return FederationVerifier.verify(List.of(a.books(), b.books()));
  }

  private void assertSound() throws Exception {
    assertThat(verify().findings()).isEmpty();
  }

  private void assertFirst(String bank, long height, Problem problem) throws Exception {
    assertThat(verify().first())
        .hasValueSatisfying(first -> {
          assertThat(first.bank().value()).isEqualTo(bank);
          assertThat(first.height()).isEqualTo(height);
          assertThat(first.problem()).isEqualTo(problem);
        });
  }

  private void history() {
    for (int i = 0; i < 5; i++) {
      a.post("entry " + i);
      b.post("entry " + i);
    }
  }

  // ---- one chain

  @Test
  void soundBooksAreSound() throws Exception {
    history();
    assertSound();
    assertThat(verify().chains())
        .extracting(VerificationReport.ChainSummary::height)
        .containsExactly(6L, 6L);
    assertThat(verify().chains().getFirst().hash()).isEqualTo(a.tip.hash());
  }

  @Test
  void everyAlteredCharacterIsFoundAtItsHeight() throws Exception {
    history();
    for (long height : new long[] {1, 3, 6}) {
      Row row = a.row(height);
      for (int i = 0; i < row.body().length(); i++) {
        char other = (char) (row.body().charAt(i) ^ 1);
        a.table.plant(row.id(), row.body().substring(0, i) + other + row.body().substring(i + 1));
        assertFirst(A, height, Problem.BROKEN_BLOCK);
      }
      a.table.plant(row);
      assertSound();
    }
  }

  @Test
  void anAlteredIdOrStreamIsFound() throws Exception {
    history();
    Row last = a.table.remove(a.row(6).id());
    for (int i = 0; i < last.id().length(); i++) {
      String id =
          last.id().substring(0, i) + (char) (last.id().charAt(i) ^ 1) + last.id().substring(i + 1);
      if (a.table.rows().stream().noneMatch(row -> row.id().equals(id))) {
        a.table.plant(new Row("p00", id, last.body(), 1));
        assertThat(verify().sound()).as(id).isFalse();
        a.table.remove(id);
      }
    }
    a.table.plant(new Row("p01", last.id(), last.body(), 1));
    assertFirst(A, 6, Problem.BROKEN_BLOCK);
  }

  @Test
  void aDroppedBlockIsFound() throws Exception {
    history();
    for (long height = 1; height < 6; height++) {
      Row dropped = a.table.remove(a.row(height).id());
      assertFirst(A, height, Problem.MISSING_BLOCK);
      a.table.plant(dropped);
    }
    assertSound();
  }

  @Test
  void exchangedBlocksAreFound() throws Exception {
    history();
    Row three = a.row(3);
    Row four = a.row(4);
    a.table.plant(three.id(), four.body());
    a.table.plant(four.id(), three.body());
    assertFirst(A, 3, Problem.BROKEN_BLOCK);
  }

  @Test
  void anInsertedBlockIsFound() throws Exception {
    history();
    for (long height = 6; height >= 3; height--) {
      a.table.plant("p00.%012d.00".formatted(height + 1), a.row(height).body());
    }
    assertFirst(A, 4, Problem.BROKEN_BLOCK);
  }

  @Test
  void aRowBehindTheEndIsFound() throws Exception {
    history();
    a.table.plant("p00.000000000007.00", a.row(6).body());
    assertFirst(A, 7, Problem.BROKEN_BLOCK);
    a.table.remove("p00.000000000007.00");
    a.table.plant("p00.000000000009.00", "junk");
    assertFirst(A, 7, Problem.MISSING_BLOCK);
    a.table.remove("p00.000000000009.00");
    a.table.plant("p00.000000000007.01", "junk");
    assertFirst(A, 7, Problem.MISSING_BLOCK);
  }

  @Test
  void junkThatWasPassedOverIsCountedOnly() throws Exception {
    history();
    a.table.plant("p00.000000000007.00", "junk");
    a.table.plant("p00.000000000007.03", "junk");
    a.post("entry");
    a.post("entry");

    assertSound();
    assertThat(verify().chains().getFirst().voidRows()).isEqualTo(2);
  }

  @Test
  void aSecondHistoryIsFound() throws Exception {
    history();
    ChainTip before = a.world.reader(ChainMemory.none()).readOn(a.world.start(), 5).getLast().tip();
    a.table.plant("p00.000000000006.01", a.world.document("s2", before, 1, 1, "other"));
    assertFirst(A, 6, Problem.FORKED);
  }

  @Test
  void aRowBesideABlockThatNobodyCanReadHidesNothingBehindIt() throws Exception {
    history();
    ChainTip before = a.world.reader(ChainMemory.none()).readOn(a.world.start(), 2).getLast().tip();
    a.table.plant("p00.000000000003.01", a.world.inPeriod("2", "s2", before, 1, "other"));
    assertFirst(A, 3, Problem.UNREADABLE);
    assertThat(verify().chains().getFirst().height()).isEqualTo(6);

    a.table.plant("p00.000000000005.00", "junk");
    assertThat(verify().findings())
        .extracting(Finding::problem)
        .contains(Problem.UNREADABLE, Problem.BROKEN_BLOCK);
  }

  @Test
  void manyFindingsOfOneKindHideNoneOfAnother() throws Exception {
    int forks = FederationVerifier.MAX_FINDINGS_OF_A_KIND + 2;
    for (int i = 0; i < forks + 2; i++) {
      a.post("entry " + i);
    }
    List<ChainedBlock> blocks = a.world.reader(ChainMemory.none()).readOn(a.world.start(), 50);
    for (int i = 0; i < forks; i++) {
      a.table.plant(
          "p00.%012d.01".formatted(i + 2),
          a.world.document("s2", blocks.get(i).tip(), 1, 1, "other"));
    }
    a.table.plant("p00.%012d.00".formatted(forks + 2), "junk");

    assertThat(verify().findings())
        .filteredOn(finding -> finding.problem() == Problem.FORKED)
        .hasSize(FederationVerifier.MAX_FINDINGS_OF_A_KIND);
    assertThat(verify().findings()).extracting(Finding::problem).contains(Problem.BROKEN_BLOCK);
  }

  @Test
  void aRowOfNoChainIsFound() throws Exception {
    history();
    a.table.plant("p07.000000000001.00", "junk");
    a.table.plant(new Row("p00", "x", "junk", 1));
    assertThat(verify().findings())
        .extracting(Finding::problem)
        .containsExactly(Problem.STRAY_ROW, Problem.STRAY_ROW);
  }

  @Test
  void blocksOfAnEvictedServerStayAndLaterRowsOfItAreFound() throws Exception {
    history();
    a.post(a.world.eviction("s1"));
    assertSound();
    a.table.plant(a.tip.next(0).rowId(), a.world.document("s1", a.tip, 0, 2, ""));
    assertFirst(A, 8, Problem.BROKEN_BLOCK);

    var _ = a.world.await(a.world.writer("s2", ChainMemory.none()).appendFence(a.tip, 2));
    assertSound();
    assertThat(verify().chains().getFirst().voidRows()).isEqualTo(1);
  }

  // ---- balances, and banks against each other

  @Test
  void accountsThatDoNotAddUpAreFound() throws Exception {
    a.post("sum 5");
    assertFirst(A, 2, Problem.NOT_CONSERVED);
    a.post("sum -5");
    assertSound();
  }

  @Test
  void settledPaymentsMirrorEachOther() throws Exception {
    a.post("position " + B + " 500");
    assertFirst(A, 2, Problem.MIRROR_BROKEN);
    b.post("position " + A + " -500");
    assertSound();
    b.post("position " + A + " -1");
    assertFirst(A, 2, Problem.MIRROR_BROKEN);
  }

  @Test
  void aPaymentMayBeAnywhereOnItsWay() throws Exception {
    a.post("inflight " + B + " 500");
    assertFirst(A, 2, Problem.MIRROR_BROKEN);
    a.post("out " + B + " 1 500 IN_FLIGHT");
    assertSound();
    b.post("accept " + A + " 1");
    assertFirst(A, 3, Problem.MIRROR_BROKEN);
    b.post("position " + A + " -500");
    assertSound();
  }

  @Test
  void resolvedPaymentsMirrorTheResolution() throws Exception {
    a.post("out " + B + " 1 500 SETTLED_BY_RESOLUTION");
    a.post("position " + B + " 500");
    assertSound();
    b.post("accept " + A + " 1");
    b.post("position " + A + " -500");
    assertSound();
    a.post("out " + B + " 2 70 RETURNED_BY_RESOLUTION");
    assertSound();
    b.post("accept " + A + " 2");
    assertFirst(A, 4, Problem.MIRROR_BROKEN);
  }

  @Test
  void anEndThatWasCutOffIsFoundWhereAnotherBankRemembersIt() throws Exception {
    history();
    ChainedBlock last = a.post("entry");
    b.post("head " + A + " 7 " + last.hash().toHex());
    assertSound();

    Row cut = a.table.remove(a.row(7).id());
    assertFirst(A, 7, Problem.PEER_HEAD_CONTRADICTED);
    ChainTip shortened = new ChainTip(0, 6, last.previousHash(), 1, 1, ChainWorld.content());
    a.table.plant(cut.id(), a.world.document("s1", shortened, 0, 1, "another end"));
    assertFirst(A, 7, Problem.PEER_HEAD_CONTRADICTED);
  }

  @Test
  void anEndThatNobodyHeardOfCanBeCutOff() throws Exception {
    history();
    a.post("entry");
    a.table.remove(a.row(7).id());
    assertSound();
  }

  @Test
  void theBooksOfEveryBankThatIsNamedAreNeeded() throws Exception {
    a.post("head BKCBXX00 1 " + "00".repeat(32));
    assertFirst(A, 2, Problem.BOOKS_MISSING);
  }
}
