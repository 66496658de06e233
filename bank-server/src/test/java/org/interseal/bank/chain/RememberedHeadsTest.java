package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.interseal.bank.chain.ChainMemory.Head;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedHeadsTest {
  private final ChainIdentity chain = new ChainIdentity(new BankId("BKABXX00"), 0);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private RememberedHeads open() {
    return RememberedHeads.open(directory, chain);
  }

  private Path file() {
    return directory.resolve("BKABXX00.p00.head");
  }

  private static Head head(long height) {
    return new Head(height, Bytes.sha256(Bytes.utf8("block " + height)));
  }

  private Optional<Head> afterRestart() {
    try (RememberedHeads heads = open()) {
      return heads.remembered();
    }
  }

  /** Remembers 1 to {@code height} and gives the file's content. */
  private String saw(long height) throws IOException {
    try (RememberedHeads heads = open()) {
      for (long i = 1; i <= height; i++) {
        heads.saw(head(i));
      }
    }
    return Files.readString(file(), StandardCharsets.US_ASCII);
  }

  @Test
  void theHighestBlockIsRememberedAcrossRestarts() throws IOException {
    assertThat(afterRestart()).isEmpty();
    String content = saw(200);

    assertThat(afterRestart()).contains(head(200));
    assertThat(content).hasSize(RememberedHeads.SLOTS * RememberedHeads.SLOT_BYTES);
  }

  @Test
  void aLowerBlockChangesNothing() {
    try (RememberedHeads heads = open()) {
      heads.saw(head(9));
      heads.saw(head(8));
      heads.saw(new Head(9, head(1).hash()));
      assertThat(heads.remembered()).contains(head(9));
    }
    assertThat(afterRestart()).contains(head(9));
  }

  @Test
  void anOperatorCanAcceptAShorterChain() {
    try (RememberedHeads heads = open()) {
      heads.saw(head(9));
      heads.accept(5, head(5).hash());
      assertThat(heads.remembered()).contains(head(5));
    }
    assertThat(afterRestart()).contains(head(5));
  }

  @Test
  void aLineTornByACrashCostsOnlyItself() throws IOException {
    String content = saw(10);
    int last = content.indexOf(String.format("%012d", 10));
    for (int length = 1; length < 100; length++) {
      Files.writeString(
          file(),
          content.substring(0, last) + "\0".repeat(length) + content.substring(last + length));
      assertThat(afterRestart()).contains(head(9));
    }
  }

  @Test
  void everyAlteredCharacterOfALineIsNoticed() throws IOException {
    String content = saw(1);
    int from = content.indexOf("interseal-head");
    int end = content.indexOf('\n', from);
    for (int i = from; i <= end; i++) {
      char other = (char) (content.charAt(i) ^ 1);
      Files.writeString(file(), content.substring(0, i) + other + content.substring(i + 1));
      assertThatThrownBy(this::afterRestart)
          .as("character " + i)
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void aDamagedFileIsNotAnEmptyMemory() throws IOException {
    Files.writeString(file(), "something else");
    assertThatThrownBy(this::afterRestart).hasMessageContaining("damaged");
  }

  @Test
  void anotherChainsFileIsRefused() throws IOException {
    saw(3);
    Files.move(file(), directory.resolve("BKABXX00.p01.head"));
    assertThatThrownBy(() -> RememberedHeads.open(directory, new ChainIdentity(chain.bank(), 1)))
        .hasMessageContaining("is of chain BKABXX00.p00");
  }

  @Test
  void oneProcessAtATimeHoldsIt() {
    try (RememberedHeads first = open()) {
      assertThat(first.remembered()).isEmpty();
      assertThatThrownBy(this::open).hasMessageContaining("in use");
    }
    assertThat(afterRestart()).isEmpty();
  }
}
