package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.BRANCH;
import static org.interseal.branch.FakeBank.CZK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final Iban ACCOUNT = Iban.of(BANK, 0, 7);

  private final FakeBank bank = new FakeBank();
  private final MutableTime time = new MutableTime();
  private final SecretKey256 journalKey = SecretKey256.generate(bank.random);

  @TempDir Path directory;

  /** A branch between two crashes. */
  private final class Life implements AutoCloseable {
    final List<String> posted = new ArrayList<>();
    final List<JournalRecord.Sent> stored = new ArrayList<>();
    final RequestBook book = new RequestBook();
    final BranchJournal journal;
    final Outbox outbox;
    final BranchDesk desk;
    final AnswerReader answers;
    boolean storeAnswers = true;

    Life() throws IOException {
      journal = BranchJournal.open(directory.resolve("journal"), "north", journalKey, bank.random);
      book.restore(journal.read());
      outbox =
          new Outbox(book, journal, bank.sealer(), this::post, stored::add, time, Runnable::run);
      desk = new BranchDesk(book, outbox, Bytes.of(new byte[32]), bank.random);
      answers = new AnswerReader(BRANCH, BANK, bank.branchKey, bank.registered(), book);
    }

    private CompletableFuture<List<Boolean>> post(List<String> envelopes) {
      posted.addAll(envelopes);
      return CompletableFuture.completedFuture(envelopes.stream().map(e -> storeAnswers).toList());
    }

    void turn() throws InterruptedException {
      outbox.turn(Duration.ZERO);
    }

    DeskSubmission.Taken cashIn(String reference, String key) {
      return (DeskSubmission.Taken)
          desk.submit(
              new BranchMessage.PayCashIn("ada", ACCOUNT, new Money(100, CZK), reference), key);
    }

    void answer(BranchNotice notice) throws InterruptedException {
      if (answers.read(bank.row(notice, time.instant()), time.instant())
          instanceof AnswerReader.Reading.Answer(JournalRecord.Answered record)) {
        outbox.note(record);
      }
      turn();
    }

    @Override
    public void close() throws IOException {
      journal.close();
    }
  }

  @Test
  void aLetterIsSentOnlyWhenItIsOnTheBranchsDisk() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken taken = life.cashIn("r1", "k1");
      assertThat(life.posted).isEmpty();
      assertThat(taken.durable()).isNotDone();

      life.turn();

      assertThat(taken.durable()).isCompleted();
      assertThat(taken.answer()).isNotDone();
      assertThat(bank.numbers(life.posted)).containsExactly(1L);
      life.journal.close();
      assertThatSomethingWasJournaled();
    }
  }

  private void assertThatSomethingWasJournaled() throws IOException {
    try (BranchJournal journal =
        BranchJournal.open(directory.resolve("copy"), "north", journalKey, bank.random)) {
      assertThat(journal.read().records()).isEmpty();
    }
    assertThat(Files.readAllLines(directory.resolve("journal"))).hasSize(2);
  }

  @Test
  void theBanksAnswerCompletesTheRequest() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken taken = life.cashIn("r1", "k1");
      life.turn();
      BranchNotice notice = bank.decide(bank.open(life.posted.getFirst()));

      life.answer(notice);

      assertThat(taken.answer()).isCompletedWithValue(new DeskAnswer.Done<>(notice));
      assertThat(life.book.openCount()).isZero();
    }
  }

  @Test
  void aRefusalIsAnAnswerToo() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken taken = life.cashIn("r1", "k1");
      life.turn();
      Bytes id = bank.open(life.posted.getFirst()).messageId();

      life.answer(new BranchNotice.Refused(id, ReasonCode.AM23, "cap"));

      assertThat(taken.answer())
          .isCompletedWithValue(new DeskAnswer.Refused<>(ReasonCode.AM23, "cap"));
    }
  }

  @Test
  void numbersRiseWithoutGapsInTheOrderOfSending() throws Exception {
    try (Life life = new Life()) {
      for (int i = 0; i < 600; i++) {
        life.cashIn("r" + i, "k" + i);
      }
      while (life.posted.size() < 600) {
        life.turn();
      }

      List<Long> numbers = bank.numbers(life.posted);
      assertThat(numbers).isSorted().doesNotHaveDuplicates().startsWith(1L).endsWith(600L);
    }
  }

  @Test
  void theSameKeyIsTheSameRequestForTheSameTellerAlone() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken first = life.cashIn("r1", "k1");
      DeskSubmission.Taken again = life.cashIn("r1", "k1");
      life.turn();
      DeskSubmission.Taken later = life.cashIn("r1", "k1");

      assertThat(again.requestId()).isEqualTo(first.requestId()).isEqualTo(later.requestId());
      assertThat(life.posted).hasSize(1);
      assertThat(
              life.desk.submit(
                  new BranchMessage.PayCashIn("ada", ACCOUNT, new Money(101, CZK), "r1"), "k1"))
          .isInstanceOf(DeskSubmission.KeyReused.class);
      assertThat(
              life.desk.submit(
                  new BranchMessage.PayCashIn("bob", ACCOUNT, new Money(101, CZK), "r1"), "k1"))
          .isInstanceOfSatisfying(
              DeskSubmission.Taken.class,
              other -> assertThat(other.requestId()).isNotEqualTo(first.requestId()));
      assertThat(life.desk.find("ada", first.requestId())).isPresent();
      assertThat(life.desk.find("bob", first.requestId())).isEmpty();
    }
  }

  @Test
  void anActivationCodeRequestRepeatedGivesTheSameCodeAlsoAfterARestart() throws Exception {
    String code;
    try (Life life = new Life()) {
      DeskSubmission.Taken first =
          (DeskSubmission.Taken) life.desk.submitActivationCode("ada", ACCOUNT, "k1");
      code = first.activationCode().orElseThrow().print();
      life.turn();
      assertThat(life.desk.submitActivationCode("ada", ACCOUNT, "k1"))
          .isInstanceOfSatisfying(
              DeskSubmission.Taken.class,
              again -> assertThat(again.activationCode().orElseThrow().print()).isEqualTo(code));
    }
    try (Life life = new Life()) {
      DeskSubmission.Taken again =
          (DeskSubmission.Taken) life.desk.submitActivationCode("ada", ACCOUNT, "k1");
      assertThat(again.activationCode().orElseThrow().print()).isEqualTo(code);
    }
  }

  @Test
  void theSameBytesAreOfferedAgainUntilTheyAreAnswered() throws Exception {
    try (Life life = new Life()) {
      life.storeAnswers = false;
      life.cashIn("r1", "k1");
      life.turn();
      time.pass(Outbox.FIRST_RETRY);
      life.turn();
      life.storeAnswers = true;
      time.pass(Outbox.MAX_RETRY);
      life.turn();
      life.turn();
      assertThat(life.posted).hasSize(3);
      time.pass(Outbox.MAX_REMINDER);
      life.turn();

      assertThat(life.posted).hasSize(4).containsOnly(life.posted.getFirst());
      life.answer(bank.decide(bank.open(life.posted.getFirst())));
      time.pass(Outbox.MAX_REMINDER);
      life.turn();
      assertThat(life.posted).hasSize(4);
    }
  }

  @Test
  void thatTheStoreHasALetterIsToldOnce() throws Exception {
    try (Life life = new Life()) {
      life.storeAnswers = false;
      life.cashIn("r1", "k1");
      life.turn();
      assertThat(life.stored).isEmpty();

      life.storeAnswers = true;
      time.pass(Outbox.FIRST_RETRY);
      life.turn();
      time.pass(Outbox.MAX_REMINDER);
      life.turn();

      assertThat(life.posted).hasSize(3);
      assertThat(life.stored)
          .extracting(JournalRecord.Sent::envelope)
          .containsExactly(life.posted.getFirst());
    }
  }

  @Test
  void anUnansweredLetterExpiresWithItsLife() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken taken = life.cashIn("r1", "k1");
      life.turn();
      time.pass(LetterSealer.LIFE.minusMillis(1));
      life.turn();
      assertThat(taken.answer()).isNotDone();
      int offered = life.posted.size();

      time.pass(Duration.ofMillis(1));
      life.turn();

      assertThat(taken.answer()).isCompletedWithValue(new DeskAnswer.Expired<>());
      time.pass(Outbox.MAX_REMINDER);
      life.turn();
      assertThat(life.posted).hasSize(offered);
    }
  }

  @Test
  void afterARestartTheSameBytesGoOutAndTheirAnswerIsTaken() throws Exception {
    String sent;
    String id;
    try (Life life = new Life()) {
      id = life.cashIn("r1", "k1").requestId();
      life.turn();
      sent = life.posted.getFirst();
    }
    try (Life life = new Life()) {
      life.turn();
      assertThat(life.posted).containsExactly(sent);
      life.answer(bank.decide(bank.open(sent)));
      assertThat(life.cashIn("r1", "k1").answer()).isCompleted();
    }
    try (Life life = new Life()) {
      life.turn();
      assertThat(life.posted).isEmpty();
      assertThat(life.desk.find("ada", id).orElseThrow().answer()).isCompleted();
      assertThat(life.cashIn("r2", "k2").durable()).isNotDone();
      life.turn();
      assertThat(bank.numbers(life.posted)).containsExactly(2L);
    }
  }

  /** Every length that the journal can have after a kill, the last line torn or whole. */
  @Test
  void noCrashMakesANumberServeTwice() throws Exception {
    Path journal = directory.resolve("journal");
    List<String> sentBefore;
    List<Long> lineEnds = new ArrayList<>();
    try (Life life = new Life()) {
      for (int i = 0; i < 4; i++) {
        life.cashIn("r" + i, "k" + i);
        life.turn();
        lineEnds.add(Files.size(journal));
      }
      sentBefore = List.copyOf(life.posted);
    }
    byte[] whole = Files.readAllBytes(journal);
    int header = Files.readAllLines(journal).getFirst().length() + 1;
    for (int length = header; length <= whole.length; length += 37) {
      Files.write(journal, Arrays.copyOf(whole, length));
      int at = length;
      // What was sent is what a whole line preceded: a torn line was never answered for.
      long sent = lineEnds.stream().filter(end -> end <= at).count();
      try (Life life = new Life()) {
        life.cashIn("new", "new");
        life.turn();
        List<Long> numbers = bank.numbers(life.posted);
        assertThat(life.posted.subList(0, (int) sent)).isEqualTo(sentBefore.subList(0, (int) sent));
        assertThat(numbers).doesNotHaveDuplicates();
        assertThat(numbers.getLast()).isGreaterThan(sent);
      }
    }
  }

  @Test
  void aTornLastLineCostsNumbersRatherThanRiskingOne() throws Exception {
    Path journal = directory.resolve("journal");
    try (Life life = new Life()) {
      life.cashIn("r1", "k1");
      life.turn();
    }
    byte[] whole = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(whole, whole.length - 1));

    try (Life life = new Life()) {
      life.cashIn("r2", "k2");
      life.turn();
      assertThat(bank.numbers(life.posted)).containsExactly(1L + RequestBook.SKIPPED_AFTER_LOSS);
    }
  }

  @Test
  void answersAreForgottenInTime() throws Exception {
    try (Life life = new Life()) {
      String id = life.cashIn("r1", "k1").requestId();
      life.turn();
      life.answer(bank.decide(bank.open(life.posted.getFirst())));
      time.pass(RequestBook.KEPT_BY_KEY.minusMillis(1));
      life.turn();
      assertThat(life.desk.find("ada", id)).isPresent();
      time.pass(Duration.ofSeconds(1));
      life.turn();
      assertThat(life.desk.find("ada", id)).isEmpty();
      assertThat(life.book.live()).hasSize(2);
    }
  }

  @Test
  void aKeyIsKnownLongerThanTheBankRemembersReferences() throws Exception {
    String id;
    try (Life life = new Life()) {
      id = life.cashIn("r1", "k1").requestId();
      life.turn();
      life.answer(bank.decide(bank.open(life.posted.getFirst())));
      time.pass(Duration.ofDays(30));
      life.turn();
      // Without the letter, which is most of what there is to keep.
      assertThat(life.book.live())
          .filteredOn(JournalRecord.Sent.class::isInstance)
          .singleElement()
          .extracting("envelope")
          .isEqualTo("");
      life.journal.rewrite(life.book.live());
    }
    try (Life life = new Life()) {
      DeskSubmission.Taken again = life.cashIn("r1", "k1");
      life.turn();
      assertThat(again.requestId()).isEqualTo(id);
      assertThat(again.answer()).isCompleted();
      assertThat(life.posted).isEmpty();
      assertThat(
              life.desk.submit(
                  new BranchMessage.PayCashIn("ada", ACCOUNT, new Money(200, CZK), "r1"), "k1"))
          .isInstanceOf(DeskSubmission.KeyReused.class);
    }
  }

  @Test
  void refusalsAndCodesAreKeptForADayAlone() throws Exception {
    try (Life life = new Life()) {
      DeskSubmission.Taken refused = life.cashIn("r1", "k1");
      DeskSubmission.Taken code =
          (DeskSubmission.Taken) life.desk.submitActivationCode("ada", ACCOUNT, "k2");
      life.turn();
      life.answer(
          new BranchNotice.Refused(
              Bytes.base64Url(refused.requestId()), ReasonCode.AM23, "the cap"));
      life.answer(bank.decide(bank.open(life.posted.getLast())));
      assertThat(refused.answer()).isCompleted();
      assertThat(code.answer()).isCompleted();
      time.pass(RequestBook.KEPT);
      life.turn();

      assertThat(life.cashIn("r1", "k1").requestId()).isNotEqualTo(refused.requestId());
      assertThat(
              ((DeskSubmission.Taken) life.desk.submitActivationCode("ada", ACCOUNT, "k2"))
                  .requestId())
          .isNotEqualTo(code.requestId());
    }
  }
}
