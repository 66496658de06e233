package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Owed;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.ReferenceMark;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.Test;

class ResenderTest {
  private static final long SECOND = 1_000_000_000L;
  private static final BankId A = new BankId("AAAAXX00");
  private static final Peer TARGET = new Peer(new BankId("BBBBXX00"), 0);

  private final Resender resender = new Resender(5_000, 20_000);

  private static OutstandingTransfer outstanding(long number) {
    return outstanding(TARGET, number);
  }

  private static OutstandingTransfer outstanding(Peer target, long number) {
    Payment payment =
        new Payment(
            "order-" + number,
            "e2e",
            UUID.fromString("6f1c1f3e-7c52-4d5c-8f43-0d9d3bb14a01"),
            new PartyAccount("Alice", Iban.of(A, 0, 1), A),
            new PartyAccount("Bob", Iban.of(target.bank(), 0, 1), target.bank()),
            new Money(1, new CurrencyCode("CZK")),
            null,
            null,
            null,
            ChargeBearer.SLEV,
            LocalDate.of(2026, 11, 2));
    Bytes sixteen = Bytes.of(new byte[16]);
    Transfer transfer = new Transfer(number, sixteen, payment);
    return new OutstandingTransfer(
        target,
        transfer,
        transfer.digest(),
        0,
        new ReferenceMark(sixteen, sixteen),
        new Owed.Reply("device", "submission", sixteen),
        false);
  }

  private static List<OutstandingTransfer> all(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(ResenderTest::outstanding).toList();
  }

  private List<Long> due(List<OutstandingTransfer> unanswered, int max, long seconds) {
    Map<Peer, List<Transfer>> due = resender.due(unanswered, max, seconds * SECOND);
    return due.getOrDefault(TARGET, List.of()).stream().map(Transfer::number).toList();
  }

  @Test
  void the_pauses_between_repetitions_grow_up_to_a_bound() {
    List<OutstandingTransfer> one = all(1, 1);
    assertThat(due(one, 10, 0)).isEmpty();
    assertThat(due(one, 10, 4)).isEmpty();
    assertThat(due(one, 10, 5)).containsExactly(1L);
    assertThat(due(one, 10, 14)).isEmpty();
    assertThat(due(one, 10, 15)).containsExactly(1L);
    assertThat(due(one, 10, 34)).isEmpty();
    assertThat(due(one, 10, 35)).containsExactly(1L);
    assertThat(due(one, 10, 54)).isEmpty();
    assertThat(due(one, 10, 55)).containsExactly(1L);
  }

  @Test
  void an_answered_transfer_is_forgotten() {
    assertThat(due(all(1, 2), 10, 0)).isEmpty();
    assertThat(due(all(2, 2), 10, 5)).containsExactly(2L);
    assertThat(due(all(1, 1), 10, 6)).isEmpty();
  }

  @Test
  void a_round_is_bounded_and_the_rest_comes_next() {
    assertThat(due(all(1, 5), 2, 0)).isEmpty();
    assertThat(due(all(1, 5), 2, 5)).containsExactly(1L, 2L);
    assertThat(due(all(1, 5), 2, 6)).containsExactly(3L, 4L);
    assertThat(due(all(1, 5), 2, 7)).containsExactly(5L);
  }

  /** What ten minutes of rounds, one a second, send to a bank that never answers. */
  private long sentToADeadBank(int backlog) {
    Resender fresh = new Resender(5_000, 60_000);
    List<OutstandingTransfer> unanswered = all(1, backlog);
    long sent = 0;
    for (long second = 0; second < 600; second++) {
      sent += fresh.due(unanswered, 10_000, second * SECOND).getOrDefault(TARGET, List.of()).size();
    }
    return sent;
  }

  @Test
  void a_dead_bank_costs_no_more_however_much_it_owes_answers_for() {
    long few = sentToADeadBank(5_000);
    assertThat(sentToADeadBank(10_000)).isEqualTo(few);
    // Three rounds of an eighth of 10,000, and then a letter a minute.
    assertThat(few).isBetween(3_750L, 3_750L + 200 * 15);
  }

  @Test
  void a_dead_bank_takes_nothing_from_another() {
    Peer other = new Peer(new BankId("CCCCXX00"), 0);
    List<OutstandingTransfer> unanswered = new java.util.ArrayList<>(all(1, 10_000));
    unanswered.add(outstanding(other, 1));
    assertThat(resender.due(unanswered, 1_600, 0)).isEmpty();

    Map<Peer, List<Transfer>> due = resender.due(unanswered, 1_600, 5 * SECOND);

    assertThat(due.getOrDefault(TARGET, List.of())).hasSize(200);
    assertThat(due.getOrDefault(other, List.of())).hasSize(1);
  }

  @Test
  void the_first_answer_ends_the_silence() {
    for (long second = 0; second < 100; second++) {
      var _ = due(all(1, 1_000), 1_000, second);
    }
    assertThat(due(all(1, 1_000), 1_000, 101)).isEmpty();

    assertThat(due(all(2, 1_000), 1_000, 102)).startsWith(2L).hasSize(200);
    assertThat(due(all(2, 1_000), 1_000, 103)).hasSize(200);
  }
}
