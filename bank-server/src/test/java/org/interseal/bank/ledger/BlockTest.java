package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.store.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockTest {
  private final TestBank bank = TestBank.founded(A);
  private final Iban ada = bank.funded("Ada", 100_000);
  private final Iban bob = bank.open("Bob", CZK);

  @BeforeEach
  void enrol() {
    bank.enrol(ada, "ada");
  }

  private static BlockBody with(BlockBody b, List<LedgerEvent> events) {
    return MadeUpBody.like(b).events(events).body();
  }

  private static LedgerEvent.PaymentBooked payment(BlockBody block) {
    return block.events().stream()
        .filter(LedgerEvent.PaymentBooked.class::isInstance)
        .map(LedgerEvent.PaymentBooked.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Posting plus(Posting p, long moreMinor) {
    Long balance = p.balanceMinor();
    return new Posting(
        p.account(),
        p.currency(),
        p.amountMinor() + moreMinor,
        balance == null ? null : balance + moreMinor,
        p.previousHeight());
  }

  @Test
  void aBlockThatCreatesMoneyIsVoid() {
    bank.pay("ada", bank.payment("rent", ada, bob, A, 100));
    BlockBody block = bank.blocks.getLast();
    LedgerEvent.PaymentBooked e = payment(block);
    LedgerEvent forged =
        new LedgerEvent.PaymentBooked(
            e.payment(),
            e.mark(),
            List.of(e.postings().getFirst(), plus(e.postings().getLast(), 1)));
    assertThat(BlockRules.check(block)).isEmpty();
    assertThat(BlockRules.check(with(block, List.of(block.events().getFirst(), forged))))
        .contains("postings do not sum to zero");
    LedgerEvent oneSided =
        new LedgerEvent.PaymentBooked(e.payment(), e.mark(), List.of(e.postings().getFirst()));
    assertThat(BlockRules.check(with(block, List.of(block.events().getFirst(), oneSided))))
        .isPresent();
  }

  @Test
  void foldingRefusesWhatDoesNotFitTheState() {
    LedgerState before = bank.state;
    bank.pay("ada", bank.payment("rent", ada, bob, A, 100));
    BlockBody block = bank.blocks.getLast();
    LedgerEvent taken = block.events().getFirst();
    LedgerEvent.PaymentBooked e = payment(block);
    Posting from = e.postings().getFirst();
    Posting to = e.postings().getLast();
    long overdraft = 200_000;
    List<List<Posting>> forgeries =
        List.of(
            List.of(from, plus(to, 1)),
            List.of(plus(from, -overdraft), plus(to, overdraft)),
            List.of(plus(from, -1), plus(to, 1)),
            List.of(
                from, new Posting(to.account(), CZK, to.amountMinor(), 101L, to.previousHeight())),
            List.of(from, new Posting(to.account(), CZK, to.amountMinor(), to.balanceMinor(), 1L)),
            List.of(
                from,
                new Posting(new LedgerAccount.Customer(Iban.of(A, 0, 99)), CZK, 100, 100L, 0L)));
    for (List<Posting> postings : forgeries) {
      LedgerEvent forged = new LedgerEvent.PaymentBooked(e.payment(), e.mark(), postings);
      assertThatThrownBy(
              () -> Ledger.fold(before, with(block, List.of(taken, forged)), before.height() + 1))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(Ledger.fold(before, block, before.height() + 1)).isEqualTo(bank.state);
    assertThatThrownBy(() -> Ledger.fold(before, block, before.height() + 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> Ledger.fold(before, with(block, List.of(taken, taken)), before.height() + 1))
        .as("a message number twice")
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void foldingRefusesInventedAnswersAndTransfers() {
    bank.pay("ada", bank.payment("out", ada, Iban.of(B, 0, 7), B, 100));
    LedgerEvent.TransferSent sent =
        (LedgerEvent.TransferSent) bank.blocks.getLast().events().getLast();
    Payment payment = sent.transfer().payment();
    LedgerAccount flight = new LedgerAccount.InFlight(B);
    Posting out = new Posting(flight, CZK, -100, null, null);
    Posting settled = new Posting(new LedgerAccount.Position(B), CZK, 100, null, null);
    LedgerEvent wrongNumber =
        new LedgerEvent.TransferSettled(
            sent.target(), 2, PaymentReference.of(payment), null, List.of(out, settled));
    LedgerEvent wrongAmount =
        new LedgerEvent.TransferSettled(
            sent.target(),
            1,
            PaymentReference.of(payment),
            null,
            List.of(plus(out, 1), plus(settled, -1)));
    LedgerEvent right =
        new LedgerEvent.TransferSettled(
            sent.target(), 1, PaymentReference.of(payment), null, List.of(out, settled));
    for (LedgerEvent forged : List.of(wrongNumber, wrongAmount, sent)) {
      assertThatThrownBy(() -> Ledger.apply(bank.state, forged, bank.now))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(LedgerInvariants.check(Ledger.apply(bank.state, right, bank.now))).isEmpty();
  }

  @Test
  void invariantsNoticeMoneyFromNowhere() {
    Parts parts = bank.state.parts();
    LedgerState richer =
        new LedgerState(
            parts.with(
                parts.accounts(), parts.balances().plusOwn(new LedgerAccount.Suspense(), CZK, 1)));
    assertThat(LedgerInvariants.check(richer))
        .containsExactly("balances in CZK do not sum to zero");
    LedgerState flying =
        new LedgerState(
            parts.with(
                parts.accounts(),
                parts
                    .balances()
                    .plusOwn(new LedgerAccount.InFlight(B), CZK, 1)
                    .plusOwn(new LedgerAccount.Position(B), CZK, -1)));
    assertThat(LedgerInvariants.check(flying))
        .containsExactly("in-flight is not the sum of what is unanswered");
  }

  private static BlockBody nothing(long timeMillis, Position cursor, long outboxDoneHeight) {
    return new BlockBody(
        1, timeMillis, 1, cursor, List.of(), List.of(), List.of(), outboxDoneHeight, null);
  }

  @Test
  void timeCursorAndOutboxOnlyGoForward() {
    BlockBody b = bank.blocks.getLast();
    long next = bank.state.height() + 1;
    List<BlockBody> bad =
        List.of(
            nothing(bank.now - 1, b.cursor(), next - 1),
            nothing(bank.now, Position.START, next - 1),
            nothing(bank.now, b.cursor(), next),
            nothing(bank.now, b.cursor(), 0));
    for (BlockBody body : bad) {
      assertThatThrownBy(() -> Ledger.fold(bank.state, body, next))
          .isInstanceOf(IllegalStateException.class);
    }
    BlockBody good = nothing(bank.now, b.cursor(), next - 1);
    assertThat(Ledger.fold(bank.state, good, next).height()).isEqualTo(next);
    assertThat(Ledger.foldFence(bank.state, next).height()).isEqualTo(next);
    assertThatThrownBy(() -> Ledger.foldFence(bank.state, next + 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsOnlyExactlyWhatItWrites() throws MalformedMessage {
    bank.pay("ada", bank.payment("rent", ada, bob, A, 100));
    BlockBody block = bank.blocks.getLast();
    Bytes json = BlockCodec.encode(block);
    assertThat(BlockCodec.decode(json)).isEqualTo(block);
    String text = json.toUtf8();
    for (String other :
        List.of(
            text.replace("{\"v\":1,", "{\"v\":2,"),
            text.replace("\"type\":\"payment-booked\"", "\"type\":\"payment-imagined\""),
            text.replace("\"consumed\":", "\"konsumed\":"),
            text.replace("\"amountMinor\":-100", "\"amountMinor\":\"-100\""),
            text.replace("\"amountMinor\":-100", "\"amountMinor\":-100.5"),
            text + " {}")) {
      assertThat(other).isNotEqualTo(text);
      assertThatThrownBy(() -> BlockCodec.decode(Bytes.utf8(other)))
          .isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void aDraftStopsAtItsLimitsAndLosesNothing() {
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = 0; i < 1_300; i++) {
      inputs.add(
          bank.fromDevice(
              "ada", new DeviceMessage.InstructPayment(bank.payment("p" + i, ada, bob, A, 1))));
    }
    int next = 0;
    int blocks = 0;
    while (next < inputs.size()) {
      BlockDraft draft = new BlockDraft(bank.state, 0, bank.now);
      while (next < inputs.size()) {
        Optional<Decision> decision = draft.add(inputs.get(next));
        if (decision.isEmpty()) {
          break;
        }
        next++;
      }
      BlockBody body = draft.body(new Position(bank.now, ""), bank.state.outboxDoneHeight(), null);
      assertThat(BlockRules.check(body)).isEmpty();
      assertThat(body.consumed()).hasSizeLessThanOrEqualTo(BlockBody.MAX_ITEMS);
      assertThat(BlockCodec.encode(body).size()).isLessThanOrEqualTo(BlockBody.MAX_BYTES);
      bank.state = draft.after(body);
      blocks++;
    }
    assertThat(blocks).isBetween(2, 4);
    assertThat(bank.booked(bob)).isEqualTo(1_300);
  }

  @Test
  void aPaymentStandsInItsBlockOnce() {
    bank.device("ada", new DeviceMessage.ApproveDevice(TestBank.keys("tablet"), "Tablet"));
    bank.pay("ada", bank.payment("only once", ada, Iban.of(B, 0, 7), B, 100));
    String json = BlockCodec.encode(bank.blocks.getLast()).toUtf8();
    assertThat(json.split("for only once", -1)).hasSize(2);
    assertThat(json.length()).isLessThan(2_000);
  }
}
