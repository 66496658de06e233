package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;

class ChainValidatorTest {
  private final ChainWorld world = new ChainWorld(new PlantedTable());
  private final ChainTip tip =
      new ChainTip(0, 7, Bytes.sha256(Bytes.utf8("block 7")), 3, 1, ChainWorld.content());

  private void assertVoid(String document, VoidReason reason) throws Exception {
    assertThat(world.judge(tip, 0, document))
        .isInstanceOfSatisfying(
            Judgement.NoBlock.class, judged -> assertThat(judged.reason()).isEqualTo(reason));
  }

  private void assertValid(String document) throws Exception {
    assertThat(world.judge(tip, 0, document)).isInstanceOf(Judgement.Valid.class);
  }

  @Test
  void aBlockOfACertifiedNodeThatFollowsIsValid() throws Exception {
    assertValid(world.document("s1", tip, 0, 3, "body"));
    assertValid(world.document("s2", tip, 0, 3, "body"));
    assertValid(world.document("s2", tip, 0, 4, ""));
  }

  @Test
  void everySingleCharacterOfADocumentCounts() throws Exception {
    String document = world.document("s1", tip, 0, 3, "body");
    assertValid(document);

    for (int i = 0; i < document.length(); i++) {
      for (char other :
          new char[] {(char) (document.charAt(i) ^ 1), 'A', 'B', '.', '=', '\u00e4'}) {
        if (other != document.charAt(i)) {
          String altered = document.substring(0, i) + other + document.substring(i + 1);
          assertThat(world.judge(tip, 0, altered))
              .as("character " + i + " made " + other)
              .isInstanceOf(Judgement.NoBlock.class);
        }
      }
      String shorter = document.substring(0, i) + document.substring(i + 1);
      assertThat(world.judge(tip, 0, shorter))
          .as("without character " + i)
          .isInstanceOf(Judgement.NoBlock.class);
    }
    assertThat(world.judge(tip, 0, document + "A")).isInstanceOf(Judgement.NoBlock.class);
    assertThat(world.judge(tip, 0, document + ".")).isInstanceOf(Judgement.NoBlock.class);
  }

  @Test
  void whatIsNoDocumentIsVoid() throws Exception {
    assertVoid("", VoidReason.MALFORMED);
    assertVoid("....", VoidReason.MALFORMED);
    assertVoid("x".repeat(4 * 1024 * 1024), VoidReason.MALFORMED);
  }

  @Test
  void aNodeThatIsNotCertifiedWritesNothing() throws Exception {
    String document = world.document("s1", tip, 0, 3, "body");
    SigningKey stolenName = SigningKey.generate(SignatureAlgorithm.ED25519, world.random);
    BlockSealer thief = new BlockSealer(world.chain, "s1", stolenName, world.periods, world.random);

    assertVoid(thief.seal(tip, 0, 3, Bytes.utf8("body")).text(), VoidReason.NODE_NOT_CERTIFIED);
    assertValid(document);
  }

  @Test
  void whatAnEvictedServerSignsIsVoidInWhateverFormat() throws Exception {
    ChainTip evicted = afterEvictionOf("s2");
    Bytes later = Bytes.utf8("{\"v\":99,\"node\":\"s2\"}");
    String unknownPeriod = world.document("s2", evicted, 0, 3, "body");
    world.periods.lose("1");

    for (String row :
        List.of(
            SignedStatement.sign("interseal-block", later, world.key("s2")) + ".AAAA",
            unknownPeriod)) {
      assertThat(world.judge(evicted, 0, row))
          .isEqualTo(new Judgement.NoBlock(VoidReason.NODE_EVICTED, "s2"));
    }
  }

  @Test
  void anEvictionCountsFromTheNextBlockOnAndForThatKeyAlone() throws Exception {
    ChainTip evicted = afterEvictionOf("s2");
    assertThat(world.judge(evicted, 0, world.document("s2", evicted, 0, 4, "")))
        .isEqualTo(new Judgement.NoBlock(VoidReason.NODE_EVICTED, "s2"));
    assertThat(world.judge(evicted, 0, world.document("s1", evicted, 0, 3, "body")))
        .isInstanceOf(Judgement.Valid.class);

    world.certify("s2");
    assertThat(world.judge(evicted, 0, world.document("s2", evicted, 0, 3, "a new key")))
        .isInstanceOf(Judgement.Valid.class);
    assertValid(world.document("s2", tip, 0, 3, "at an earlier place"));
  }

  private ChainTip afterEvictionOf(String node) throws Exception {
    ChainTip before = new ChainTip(0, 6, tip.hash(), 3, 1, ChainWorld.content());
    String eviction = world.document("s1", before, 0, 3, world.eviction(node));
    return ((Judgement.Valid) world.judge(before, 0, eviction)).block().tip();
  }

  @Test
  void blocksOfTheFirstFormatStayBlocks() throws Exception {
    assertValid(world.sealer("s1").seal(1, tip, 0, 3, Bytes.utf8("body")).text());
    assertThatThrownBy(() -> world.sealer("s1").seal(0, tip, 0, 3, Bytes.utf8("body")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDocumentBelongsToOnePlace() throws Exception {
    ChainTip other = new ChainTip(0, 6, tip.hash(), 3, 1, ChainWorld.content());
    ChainWorld otherBank = new ChainWorld(new BankId("BKBBXX00"), new PlantedTable());
    BlockSealer ourKeyTheirBank =
        new BlockSealer(otherBank.chain, "s1", world.key("s1"), world.periods, world.random);

    assertVoid(world.document("s1", other, 0, 3, "body"), VoidReason.WRONG_PLACE);
    assertVoid(world.document("s1", tip, 1, 3, "body"), VoidReason.WRONG_PLACE);
    assertVoid(ourKeyTheirBank.seal(tip, 0, 3, Bytes.utf8("body")).text(), VoidReason.WRONG_PLACE);
  }

  @Test
  void aRowBelongsToItsStream() throws Exception {
    Row row = new Row("p01", tip.next(0).rowId(), world.document("s1", tip, 0, 3, "body"), 1);

    assertThat(world.validator().judge(row, tip, 0))
        .isEqualTo(new Judgement.NoBlock(VoidReason.WRONG_PLACE, "filed elsewhere"));
  }

  @Test
  void aBlockFollowsItsPredecessor() throws Exception {
    ChainTip other =
        new ChainTip(0, 7, Bytes.sha256(Bytes.utf8("another block 7")), 3, 1, ChainWorld.content());

    assertVoid(world.document("s1", other, 0, 3, "body"), VoidReason.WRONG_PREVIOUS);
  }

  @Test
  void fencesOnlyRiseAndOneAtATimeAndByEmptyBlocksOrEvictions() throws Exception {
    assertVoid(world.document("s1", tip, 0, 2, "body"), VoidReason.FENCE_TOO_LOW);
    assertVoid(world.document("s1", tip, 0, 5, ""), VoidReason.FENCE_OUT_OF_RULE);
    assertVoid(world.document("s1", tip, 0, 4, "body"), VoidReason.FENCE_OUT_OF_RULE);
    assertVoid(world.document("s1", tip, 0, 3, ""), VoidReason.FENCE_OUT_OF_RULE);
    assertVoid(world.document("s1", tip, 0, 5, world.eviction("s2")), VoidReason.FENCE_OUT_OF_RULE);
    assertValid(world.document("s1", tip, 0, 4, world.eviction("s2")));
    assertValid(world.document("s1", tip, 0, 3, world.eviction("s2")));
  }

  @Test
  void aBodyOfAnotherBlockDoesNotFit() throws Exception {
    BlockDocument one = world.sealer("s1").seal(tip, 0, 3, Bytes.utf8("one"));
    BlockDocument two = world.sealer("s1").seal(tip, 0, 3, Bytes.utf8("two"));

    assertVoid(
        new BlockDocument(one.statement(), two.sealedBody()).text(), VoidReason.BODY_ALTERED);
  }

  @Test
  void whatItsPeriodKeyDoesNotOpenIsVoid() throws Exception {
    String document = world.document("s1", tip, 0, 3, "body");
    world.periods.begin("1");

    assertVoid(document, VoidReason.UNREADABLE);
  }

  @Test
  void whatTheContentObjectsToIsVoid() throws Exception {
    assertVoid(world.document("s1", tip, 0, 3, "bad"), VoidReason.BODY_OBJECTION);
  }

  @Test
  void withoutThePeriodKeyNothingIsDecided() throws Exception {
    String document = world.document("s1", tip, 0, 3, "body");
    world.periods.lose("1");

    assertThatThrownBy(() -> world.judge(tip, 0, document))
        .isInstanceOfSatisfying(
            ChainRefused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(ChainRefused.Reason.PERIOD_KEY_MISSING));
  }

  @Test
  void aPeriodIsThePredecessorsOrTheNextAndNothingElseIsWaitedFor() throws Exception {
    ChainTip inThird = new ChainTip(0, 7, tip.hash(), 3, 3, ChainWorld.content());
    for (String period : List.of("zzz", "5", "2", "0", "04", "-4", "4000000000")) {
      String planted = world.inPeriod(period, "s2", inThird, 0, "body");
      assertThat(world.judge(inThird, 0, planted))
          .as(period)
          .isInstanceOfSatisfying(
              Judgement.NoBlock.class,
              judged -> assertThat(judged.reason()).isEqualTo(VoidReason.PERIOD_OUT_OF_RULE));
    }
    String next = world.inPeriod("4", "s2", inThird, 0, "body");
    assertThatThrownBy(() -> world.judge(inThird, 0, next))
        .isInstanceOfSatisfying(
            ChainRefused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(ChainRefused.Reason.PERIOD_KEY_MISSING));
    world.periods.begin("4");
    assertThat(world.judge(inThird, 0, next))
        .isInstanceOfSatisfying(
            Judgement.NoBlock.class,
            judged -> assertThat(judged.reason()).isEqualTo(VoidReason.UNREADABLE));
  }

  @Test
  void aPlantedPeriodDoesNotKeepItsAuthorFromBeingEvicted() throws Exception {
    PlantedTable table = new PlantedTable();
    ChainWorld bank = new ChainWorld(table);
    ChainWriter writer = bank.writer("s1", new PlantedMemory());
    ChainTip end = bank.grow(writer, bank.start(), 2).getLast().tip();
    table.plant(end.next(0).rowId(), bank.inPeriod("zzz", "s2", end, 0, "body"));

    ChainedBlock eviction =
        bank.appended(
            bank.await(
                writer.appendEvictions(end, end.fence() + 1, Bytes.utf8(bank.eviction("s2")))));
    assertThat(eviction.place().attempt()).isEqualTo(1);
    List<ChainedBlock> read = bank.reader(new PlantedMemory()).readOn(end, 10);
    assertThat(read).containsExactly(eviction);
    bank.grow(writer, eviction.tip(), 1);
  }

  @Test
  void whoeverWritesGoesThroughThePeriodsOneByOne() throws Exception {
    PlantedTable table = new PlantedTable();
    ChainWorld bank = new ChainWorld(table);
    ChainWriter writer = bank.writer("s1", new PlantedMemory());
    ChainTip end = bank.grow(writer, bank.start(), 0).getLast().tip();
    bank.periods.begin("2");
    bank.periods.begin("3");

    assertThat(bank.grow(writer, end, 2))
        .extracting(ChainedBlock::period)
        .containsExactly("2", "3", "3");
  }

  private String inFormat(int version, String approval, String node) {
    Bytes header =
        Bytes.utf8(
            "{\"v\":%d,\"node\":\"s1\",\"new\":true,\"approval\":\"%s\"}"
                .formatted(version, approval));
    return SignedStatement.sign("interseal-block", header, world.key(node)) + ".AAAA";
  }

  @Test
  void aLaterFormatThatTheBankApprovedIsRefusedNotVoid() throws Exception {
    assertThatThrownBy(() -> world.judge(tip, 0, inFormat(3, "approved 3", "s1")))
        .isInstanceOf(ChainRefused.class)
        .hasMessageContaining("format version 3")
        .hasMessageContaining("update");
    assertVoid(inFormat(3, "approved 3", "s2"), VoidReason.NODE_NOT_CERTIFIED);
  }

  @Test
  void aFormatThatTheBankDidNotApproveStopsNobody() throws Exception {
    Bytes header = Bytes.utf8("{\"v\":99,\"node\":\"s1\"}");
    assertVoid(
        SignedStatement.sign("interseal-block", header, world.key("s1")) + ".AAAA",
        VoidReason.VERSION_OUT_OF_RULE);
    assertVoid(inFormat(99, "approved 3", "s1"), VoidReason.VERSION_OUT_OF_RULE);
    assertVoid(inFormat(0, "approved 0", "s1"), VoidReason.VERSION_OUT_OF_RULE);
    assertVoid(inFormat(-1, "approved -1", "s1"), VoidReason.VERSION_OUT_OF_RULE);
  }

  @Test
  void anotherKindOfStatementIsNoBlock() throws Exception {
    BlockDocument block = world.sealer("s1").seal(tip, 0, 3, Bytes.utf8("body"));
    Bytes header = block.verifiedBy(world.key("s1").verificationKey());
    String other = SignedStatement.sign("interseal-chain-head", header, world.key("s1"));

    assertVoid(other + "." + block.sealedBody(), VoidReason.BAD_SIGNATURE);
  }

  @Test
  void theBodyIsHiddenAndItsKeyIsFresh() throws Exception {
    String one = world.document("s1", tip, 0, 3, "the same body");
    String two = world.document("s1", tip, 0, 3, "the same body");

    assertThat(one.substring(one.lastIndexOf('.')))
        .isNotEqualTo(two.substring(two.lastIndexOf('.')));
    assertThat(world.judge(tip, 0, one).toString()).doesNotContain("the same body");
  }

  @Test
  void rowIdsAreReadStrictly() {
    assertThat(ChainPlace.parse("p00.000000000001.00")).contains(new ChainPlace(0, 1, 0));
    for (int attempt : new int[] {99, 100, 999_999}) {
      ChainPlace place = new ChainPlace(3, 7, attempt);
      assertThat(ChainPlace.parse(place.rowId())).contains(place);
    }
    assertThat(new ChainPlace(0, 1, 100).rowId())
        .isEqualTo("p00.000000000001.a000100")
        .isGreaterThan(new ChainPlace(0, 1, 99).rowId());
    for (String other :
        new String[] {
          "p00.000000000001.a000099",
          "p00.000000000001.100",
          "p00.000000000000.00",
          "p00.1.0",
          "p0.000000000001.00",
          "p00.000000000001.00x",
          ""
        }) {
      assertThat(ChainPlace.parse(other)).as(other).isEqualTo(Optional.empty());
    }
  }
}
