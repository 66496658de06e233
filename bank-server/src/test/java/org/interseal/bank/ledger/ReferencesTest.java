package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.interseal.bank.ledger.References.Due;
import org.interseal.bank.ledger.References.Instruction;
import org.interseal.bank.ledger.References.Remembered;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References and what they are made of, beside maps and queues of the Java platform. */
class ReferencesTest {
  private static Bytes key(int number) {
    return Bytes.sha256(Bytes.utf8("key " + number)).prefix(ReferenceMark.BYTES);
  }

  private static Instruction answer(int number) {
    return new Instruction(
        key(-number),
        number,
        "e2e".repeat(number % 12),
        new UUID(number, 1),
        new Money(number, new CurrencyCode("CZK")),
        TransactionStatus.ACSP,
        null,
        number);
  }

  private static void assertSame(RememberedAnswers answers, Map<Bytes, Remembered> model) {
    assertThat(answers.size()).isEqualTo(model.size());
    assertThat(answers.records().map(PackedReference::key))
        .containsExactlyElementsOf(model.keySet());
    model.forEach((key, answer) -> assertThat(answers.get(key)).isEqualTo(answer));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void answersAreAMap(long seed) throws MalformedMessage {
    Random random = new Random(seed);
    TreeMap<Bytes, Remembered> model = new TreeMap<>();
    RememberedAnswers answers = RememberedAnswers.EMPTY;
    for (int round = 0; round < 6; round++) {
      boolean growing = round % 3 < 2;
      TreeMap<Bytes, Remembered> modelBefore = new TreeMap<>(model);
      RememberedAnswers before = answers;
      for (int i = 0; i < 600; i++) {
        Bytes key = key(random.nextInt(900));
        if (random.nextInt(100) < (growing ? 80 : 5)) {
          Instruction answer = answer(random.nextInt(1_000));
          answers = answers.plus(key, answer);
          model.put(key, answer);
        } else {
          answers = answers.minus(key);
          model.remove(key);
        }
      }
      assertSame(answers, model);
      assertSame(before, modelBefore);
      assertThat(answers.get(key(1_000))).isNull();
    }
    RememberedAnswers emptied = answers;
    for (Bytes key : List.copyOf(model.keySet())) {
      emptied = emptied.minus(key);
    }
    assertThat(emptied).isEqualTo(RememberedAnswers.EMPTY);
    assertSame(emptied.plus(key(3), answer(3)), new TreeMap<>(Map.of(key(3), answer(3))));
  }

  @Test
  void answersAreEqualHoweverTheyCameTogether() throws MalformedMessage {
    List<Integer> numbers = new ArrayList<>();
    RememberedAnswers upwards = RememberedAnswers.EMPTY;
    for (int i = 0; i < 500; i++) {
      numbers.add(i);
      upwards = upwards.plus(key(i), answer(i));
    }
    Collections.shuffle(numbers, new Random(1));
    RememberedAnswers shuffled = RememberedAnswers.EMPTY.plus(key(-1), answer(1));
    for (int number : numbers) {
      shuffled = shuffled.plus(key(number), answer(0)).plus(key(number), answer(number));
    }
    shuffled = shuffled.minus(key(-1));
    RememberedAnswers.Builder builder = new RememberedAnswers.Builder();
    for (byte[] packed : upwards.records().toList()) {
      builder.add(packed);
    }
    assertThat(builder.build()).isEqualTo(upwards).isEqualTo(shuffled).hasSameHashCodeAs(shuffled);
    assertThat(shuffled.plus(key(9), answer(10))).isNotEqualTo(upwards);
    assertThat(shuffled.minus(key(9)).plus(key(-1), answer(9))).isNotEqualTo(upwards);
    assertThat(shuffled.minus(key(9))).isNotEqualTo(upwards);
  }

  @Test
  void whatIsBuiltGoesOn() throws MalformedMessage {
    TreeMap<Bytes, Remembered> model = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      model.put(key(i), answer(i));
    }
    RememberedAnswers.Builder builder = new RememberedAnswers.Builder();
    for (Map.Entry<Bytes, Remembered> entry : model.entrySet()) {
      builder.add(PackedReference.pack(entry.getKey(), entry.getValue()));
    }
    RememberedAnswers built = builder.build();
    for (int i = 100; i < 200; i++) {
      built = built.plus(key(i), answer(i));
      model.put(key(i), answer(i));
    }
    assertSame(built, model);
  }

  @Test
  void keysAreInOrderAsBytesWithoutSign() {
    RememberedAnswers answers = RememberedAnswers.EMPTY;
    List<Bytes> keys = new ArrayList<>();
    for (int high : List.of(0x00, 0x7F, 0x80, 0xFF)) {
      for (int low : List.of(0x00, 0x7F, 0x80, 0xFF)) {
        byte[] key = new byte[ReferenceMark.BYTES];
        key[0] = (byte) high;
        key[8] = (byte) low;
        keys.add(Bytes.of(key));
      }
    }
    for (Bytes key : keys.reversed()) {
      answers = answers.plus(key, answer(1));
    }
    assertThat(answers.records().map(PackedReference::key)).containsExactlyElementsOf(keys);
  }

  @Test
  void buildingRefusesAnOrderThatIsNone() throws MalformedMessage {
    byte[] low = PackedReference.pack(Bytes.of(new byte[16]), answer(1));
    byte[] high = PackedReference.pack(Bytes.hex("ff".repeat(16)), answer(1));
    RememberedAnswers.Builder builder = new RememberedAnswers.Builder();
    builder.add(high);
    assertThatThrownBy(() -> builder.add(low)).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> builder.add(high)).isInstanceOf(MalformedMessage.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsDueIsAQueue(long seed) {
    Random random = new Random(seed);
    Deque<Due> model = new ArrayDeque<>();
    ExpiryQueue queue = ExpiryQueue.EMPTY;
    for (int i = 0; i < 2_000; i++) {
      if (random.nextInt(100) < (i / 500 % 2 == 0 ? 70 : 40)) {
        Due due = new Due(key(i), random.nextLong());
        queue = queue.plus(due);
        model.add(due);
      } else if (!model.isEmpty()) {
        queue = queue.minusFirst();
        model.remove();
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.peek()).isEqualTo(model.peek());
    }
    ExpiryQueue again = ExpiryQueue.EMPTY;
    for (byte[] entry : queue.entries().toList()) {
      again = again.plus(entry);
    }
    assertThat(again).isEqualTo(queue).hasSameHashCodeAs(queue);
    assertThat(again.plus(new Due(key(0), 0))).isNotEqualTo(queue);
    assertThat(again.minusFirst().plus(new Due(key(-7), 0))).isNotEqualTo(queue);
    while (queue.size() > 0) {
      assertThat(queue.peek()).isEqualTo(model.remove());
      queue = queue.minusFirst();
    }
    assertThat(queue).isEqualTo(ExpiryQueue.EMPTY);
    assertThat(queue.peek()).isNull();
  }

  @Test
  void anOldVersionOfTheQueueStaysAsItWas() {
    ExpiryQueue one = ExpiryQueue.EMPTY.plus(new Due(key(1), 1));
    ExpiryQueue two = one.plus(new Due(key(2), 2));
    ExpiryQueue other = one.plus(new Due(key(3), 3));
    assertThat(one.entries()).hasSize(1);
    assertThat(two.minusFirst().peek()).isEqualTo(new Due(key(2), 2));
    assertThat(other.minusFirst().peek()).isEqualTo(new Due(key(3), 3));
  }

  @Test
  void forgetsWhatExpiredAndWhatWasUsedAgainNot() {
    References references =
        References.EMPTY.remember(key(1), answer(10)).remember(key(2), answer(20));
    References again = references.remember(key(1), answer(40));
    assertThat(again.find(key(1), 9)).isEqualTo(answer(40));
    References later = again.forgetExpired(20);
    assertThat(later.byKey().size()).isEqualTo(1);
    assertThat(later.queue().size()).isEqualTo(1);
    assertThat(later.find(key(1), 39)).isEqualTo(answer(40));
    assertThat(later.find(key(1), 40)).isNull();
    assertThat(later.forgetExpired(40).byKey().size()).isZero();
    assertThat(references.find(key(2), 19)).isEqualTo(answer(20));
  }
}
