package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.interseal.crypto.SecretKey256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BranchJournalTest {
  private final SecureRandom random = new SecureRandom();
  private final SecretKey256 key = SecretKey256.generate(random);

  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("journal");
  }

  private static List<JournalRecord> numbers(long... numbers) {
    return LongStream.of(numbers).<JournalRecord>mapToObj(JournalRecord.NextNumber::new).toList();
  }

  private BranchJournal.Contents reopened() throws IOException {
    try (BranchJournal journal = BranchJournal.open(file, "north", key, random)) {
      return journal.read();
    }
  }

  private void write(List<List<JournalRecord>> batches) throws IOException {
    try (BranchJournal journal = BranchJournal.open(file, "north", key, random)) {
      assertThat(journal.read().records()).isEmpty();
      for (List<JournalRecord> batch : batches) {
        journal.append(batch);
      }
    }
  }

  @Test
  void whatWasAppendedIsThereAfterReopening() throws IOException {
    write(List.of(numbers(1, 2), numbers(3)));

    assertThat(reopened()).isEqualTo(new BranchJournal.Contents(numbers(1, 2, 3), false));
  }

  @Test
  void nothingOfItCanBeReadOnTheDisk() throws IOException {
    write(List.of(List.of(new JournalRecord.ReadUpTo(1, "plain-row-id"))));

    assertThat(Files.readString(file)).doesNotContain("plain-row-id").doesNotContain("readUpTo");
  }

  @Test
  void cutAnywhereItHoldsThePrefixOfWholeBatches() throws IOException {
    write(List.of(numbers(1), numbers(2), numbers(3)));
    byte[] whole = Files.readAllBytes(file);
    int header = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;

    for (int length = header; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      BranchJournal.Contents contents = reopened();
      List<JournalRecord> all = numbers(1, 2, 3);
      assertThat(contents.records()).isEqualTo(all.subList(0, contents.records().size()));
      boolean atLineEnd = whole[length - 1] == '\n';
      assertThat(contents.tailCut()).isEqualTo(!atLineEnd);
    }
  }

  @Test
  void afterACutItGoesOnWhereTheWholeBatchesEnd() throws IOException {
    write(List.of(numbers(1), numbers(2)));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 3));
    try (BranchJournal journal = BranchJournal.open(file, "north", key, random)) {
      assertThat(journal.read().records()).isEqualTo(numbers(1));
      journal.append(numbers(9));
    }

    assertThat(reopened().records()).isEqualTo(numbers(1, 9));
  }

  @Test
  void damageBeforeTheLastLineIsNeverPassedOver() throws IOException {
    write(List.of(numbers(1), numbers(2), numbers(3)));
    String text = Files.readString(file);
    List<String> lines = text.lines().toList();
    String damaged = text.replace(lines.get(2), lines.get(2).substring(4));
    Files.writeString(file, damaged);

    assertThatThrownBy(this::reopened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 3");
  }

  @Test
  void linesCannotBeExchanged() throws IOException {
    write(List.of(numbers(1), numbers(2), numbers(3)));
    List<String> lines = Files.readAllLines(file);
    Files.write(file, List.of(lines.get(0), lines.get(2), lines.get(1), lines.get(3)));

    assertThatThrownBy(this::reopened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void anotherBranchsJournalAndAnUnknownVersionAreRefused() throws IOException {
    write(List.of(numbers(1)));

    assertThatThrownBy(
            () -> {
              try (BranchJournal journal = BranchJournal.open(file, "south", key, random)) {
                journal.read();
              }
            })
        .hasMessageContaining("belongs to the branch north");
    Files.writeString(file, Files.readString(file).replace("\"v\":1", "\"v\":2"));
    assertThatThrownBy(this::reopened).hasMessageContaining("version 2");
  }

  @Test
  void twoCannotHaveItOpen() throws IOException {
    try (BranchJournal first = BranchJournal.open(file, "north", key, random)) {
      first.read();
      assertThatThrownBy(() -> BranchJournal.open(file, "north", key, random))
          .hasMessageContaining("another process");
    }
  }

  @Test
  void rewritingKeepsWhatIsLiveAndAcceptsMore() throws IOException {
    try (BranchJournal journal = BranchJournal.open(file, "north", key, random)) {
      journal.read();
      for (int i = 0; i < 50; i++) {
        journal.append(numbers(i));
      }
      long before = journal.length();
      journal.rewrite(numbers(49));
      assertThat(journal.length()).isLessThan(before);
      journal.append(numbers(50));
    }

    assertThat(reopened().records()).isEqualTo(numbers(49, 50));
  }
}
