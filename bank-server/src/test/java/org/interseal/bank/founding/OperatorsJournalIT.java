package org.interseal.bank.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Test;

/** What becomes of a journal that somebody alters, tears or shares. */
class OperatorsJournalIT extends DeskFixture {
  @Test
  void theJournalShowsWhatWasAlteredAndForgetsATornLine() throws Exception {
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    desk(none()).rotate(BOB, known(), shared, bankStore);
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    List<String> lines = Files.readAllLines(file);
    assertThat(journal()).hasSize(4);

    for (int changed = 0; changed < 3; changed++) {
      List<String> without = new ArrayList<>(lines);
      without.remove(changed);
      Files.write(file, without);
      assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
      List<String> altered = new ArrayList<>(lines);
      altered.set(changed, lines.get(changed).substring(1));
      Files.write(file, altered);
      assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
    }
    Files.writeString(file, String.join("\n", lines) + "\n" + lines.getFirst().substring(9));
    assertThat(journal()).hasSize(4);
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    assertThat(journal()).hasSize(6);
    assertThat(Bytes.sha256(Bytes.utf8(lines.getFirst())))
        .isEqualTo(desk(none()).journal().acts().get(1).previous());
  }

  @Test
  void aBrokenJournalHindersNoEvictionAndIsKept() throws Exception {
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    var _ = enrol(ALICE, false);
    var _ = approve(BOB, none());
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    Files.writeString(file, "\u00ff junk\n" + Files.readString(file), StandardCharsets.ISO_8859_1);
    byte[] broken = Files.readAllBytes(file);
    assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);

    evict(SECOND, ALICE, none());

    assertThat(node("server-2").state()).isEqualTo(NodeStanding.State.REVOKED);
    assertThat(usersTaken).containsExactly(SECOND);
    assertThat(warnings).first().asString().contains("THE JOURNAL IS BROKEN");
    Path aside = home.resolve(BankDesk.JOURNAL_FILE + ".broken-1");
    assertThat(aside).hasBinaryContent(broken);
    assertThat(journal())
        .containsExactly(
            "alice continues " + aside.getFileName(),
            "alice evict " + SECOND.wire(),
            "alice evicted " + SECOND.wire());
    // What was used before stays used.
    assertThatThrownBy(() -> approve(BOB, none())).hasMessageContaining("was used");
    Files.writeString(aside, "other");
    assertThatThrownBy(this::journal).isInstanceOf(RefusedByBank.class);
    evict(SECOND, BOB, none());
    assertThat(journal()).hasSize(3).first().asString().contains("broken-2");
  }

  @Test
  void aJournalThatCannotBeWrittenHindersNoEviction() throws Exception {
    Files.createDirectory(home.resolve(BankDesk.JOURNAL_FILE));

    evict(SECOND, ALICE, none());

    assertThat(node("server-2").state()).isEqualTo(NodeStanding.State.REVOKED);
    assertThat(warnings).anyMatch(line -> line.contains("NOT"));
  }

  @Test
  void whoOnlyReadsLeavesALineThatIsBeingWrittenAlone() throws Exception {
    desk(none()).rotate(ALICE, known(), shared, bankStore);
    Path file = home.resolve(BankDesk.JOURNAL_FILE);
    String half = Files.readString(file) + "half";
    Files.writeString(file, half);

    assertThat(journal()).hasSize(2);

    assertThat(file).hasContent(half);
  }

  @Test
  void ofTwoWhoReadTheSameJournalOnlyOneAppends() throws Exception {
    OperatorsJournal first = desk(none()).journal();
    OperatorsJournal second = desk(none()).journal();
    first.append(ALICE, "one", "x", Bytes.of(new byte[0]));

    assertThatThrownBy(() -> second.append(BOB, "two", "x", Bytes.of(new byte[0])))
        .hasMessageContaining("somebody else");

    assertThat(journal()).containsExactly("alice one x");
  }
}
