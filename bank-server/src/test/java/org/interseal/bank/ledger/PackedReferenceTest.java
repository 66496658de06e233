package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.interseal.bank.ledger.References.Cash;
import org.interseal.bank.ledger.References.Instruction;
import org.interseal.bank.ledger.References.Remembered;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedReferenceTest {
  private static final Bytes KEY = hash("key");
  private static final CurrencyCode CZK = new CurrencyCode("CZK");

  private static Bytes hash(String text) {
    return Bytes.sha256(Bytes.utf8(text)).prefix(ReferenceMark.BYTES);
  }

  private static Instruction instruction(TransactionStatus status, @Nullable ReasonCode reason) {
    return new Instruction(
        hash("content"),
        Long.MAX_VALUE,
        "Faktura č. 42 €",
        new UUID(-1, 1),
        new Money(-Money.MAX_MINOR, CZK),
        status,
        reason,
        -1);
  }

  static List<Remembered> answers() {
    return List.of(
        instruction(TransactionStatus.ACSP, null),
        instruction(TransactionStatus.RJCT, ReasonCode.DS0H),
        new Cash(hash("content"), 0, new Money(7, new CurrencyCode("JPY")), null, null),
        new Cash(hash("content"), 1, null, ReasonCode.AM23, "the branch would hold too much cash"),
        new Cash(hash("content"), 1, null, ReasonCode.AM23, ""));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void givesBackWhatWasPacked(Remembered answer) throws MalformedMessage {
    byte[] packed = PackedReference.pack(KEY, answer);
    PackedReference.requireValid(packed);
    assertThat(PackedReference.key(packed)).isEqualTo(KEY);
    assertThat(PackedReference.answer(packed)).isEqualTo(answer);
    assertThat(PackedReference.end(packed, 0)).isEqualTo(packed.length);
  }

  @ParameterizedTest
  @EnumSource
  void hasEveryReason(ReasonCode reason) {
    Remembered answer = instruction(TransactionStatus.RJCT, reason);
    assertThat(PackedReference.answer(PackedReference.pack(KEY, answer))).isEqualTo(answer);
  }

  @Test
  void aMillionOfThemTakeLittleMemory() {
    assertThat(PackedReference.pack(KEY, instruction(TransactionStatus.RJCT, ReasonCode.AC01)))
        .hasSizeLessThan(120);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void refusesWhatIsCutOffOrGoesOn(Remembered answer) {
    byte[] packed = PackedReference.pack(KEY, answer);
    for (int length = ReferenceMark.BYTES + 2; length <= packed.length + 1; length++) {
      if (length != packed.length) {
        byte[] other = Arrays.copyOf(packed, length);
        assertThatThrownBy(() -> PackedReference.requireValid(other))
            .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> PackedReference.cut(other, 0))
            .isInstanceOf(MalformedMessage.class);
      }
    }
  }

  /** One spelling of each: whatever bytes are taken are those that would be packed again. */
  @ParameterizedTest
  @MethodSource("answers")
  void neverTakesBytesForWhatTheyAreNot(Remembered answer) {
    byte[] packed = PackedReference.pack(KEY, answer);
    for (int at = ReferenceMark.BYTES; at < packed.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] other = packed.clone();
        other[at] ^= (byte) (1 << bit);
        try {
          PackedReference.requireValid(other);
          assertThat(PackedReference.answer(other)).isNotEqualTo(answer);
        } catch (MalformedMessage e) {
          // As it should be.
        }
      }
    }
  }

  /** What a block may hold must have a place: servers that differ in it would fork the chain. */
  @ParameterizedTest
  @ValueSource(ints = {0, 126, 127, 16_382, 16_383, 65_536, 2_097_150, 2_097_151})
  void anAnswerMayBeOfAnyLength(int length) throws MalformedMessage {
    Cash answer = new Cash(hash("content"), 1, null, ReasonCode.AM23, "x".repeat(length));
    byte[] packed = PackedReference.pack(KEY, answer);
    PackedReference.requireValid(packed);
    assertThat(PackedReference.answer(packed)).isEqualTo(answer);
    assertThat(PackedReference.end(packed, 0)).isEqualTo(packed.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 17, 32})
  void aKeyOrHashOfAnotherLengthIsRefused(int length) {
    Bytes other = Bytes.of(new byte[length]);
    Cash good = new Cash(hash("content"), 1, null, ReasonCode.AM23, null);
    Cash bad = new Cash(other, 1, null, ReasonCode.AM23, null);
    assertThatThrownBy(() -> PackedReference.pack(other, good))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PackedReference.pack(KEY, bad))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ExpiryQueue.EMPTY.plus(new References.Due(other, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A stored format: docs/reference/ledger.md. */
  @Test
  void theBytesAreThoseOfTheFormat() {
    Bytes key = Bytes.hex("000102030405060708090a0b0c0d0e0f");
    Bytes content = Bytes.hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    Instruction instruction =
        new Instruction(
            content,
            0x0102030405060708L,
            "e2e",
            UUID.fromString("01234567-89ab-4def-8123-456789abcdef"),
            new Money(1_00, CZK),
            TransactionStatus.RJCT,
            ReasonCode.AC01,
            2);
    assertThat(Bytes.of(PackedReference.pack(key, instruction)).toHex())
        .isEqualTo(
            key.toHex()
                + "4b01"
                + content.toHex()
                + "0102030405060708"
                + "04653265"
                + "0123456789ab4def8123456789abcdef"
                + "04435a4b0000000000000064"
                + "05524a4354"
                + "0541433031"
                + "0000000000000002");
    Cash cash = new Cash(content, 3, null, ReasonCode.AC01, "no");
    assertThat(Bytes.of(PackedReference.pack(key, cash)).toHex())
        .isEqualTo(
            key.toHex()
                + "2202"
                + content.toHex()
                + "0000000000000003"
                + "00"
                + "0541433031"
                + "036e6f");
    byte[] due = ExpiryQueue.EMPTY.plus(new References.Due(key, 4)).entries().findFirst().get();
    assertThat(Bytes.of(due).toHex()).isEqualTo(key.toHex() + "0000000000000004");
  }
}
