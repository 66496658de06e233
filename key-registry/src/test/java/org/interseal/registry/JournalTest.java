package org.interseal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.interseal.identity.BankId;
import org.interseal.service.ConfigurationRefused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = directory.resolve("journal.jsonl");
    try (Journal journal = Journal.open(file)) {
      journal.append(AT, "officer:a", rejected("1"));
      journal.append(AT, "officer:b", rejected("2"));
    }
  }

  @Test
  void whatWasAppendedIsThereAtTheNextStart() throws Exception {
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.lines())
          .extracting(Journal.Line::actor)
          .containsExactly("officer:a", "officer:b");
      assertThat(journal.after(1, 10))
          .extracting(Journal.Line::event)
          .containsExactly(rejected("2"));
      journal.append(AT, "officer:c", rejected("3"));
    }
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.lines()).hasSize(3);
    }
  }

  @Test
  void aLineThatACrashCutOffIsDroppedAndTheNextOneFits() throws Exception {
    String content = Files.readString(file);
    Files.writeString(file, content.substring(0, content.length() - 20));
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.lines()).hasSize(1);
      journal.append(AT, "officer:c", rejected("3"));
    }
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.lines())
          .extracting(Journal.Line::event)
          .containsExactly(rejected("1"), rejected("3"));
    }
  }

  @Test
  void aChangedOrMissingLineEndsTheStart() throws Exception {
    String content = Files.readString(file);
    Files.writeString(file, content.replace("officer:a", "officer:x"));
    assertThatThrownBy(() -> Journal.open(file)).isInstanceOf(ConfigurationRefused.class);

    Files.writeString(file, content.substring(content.indexOf('\n') + 1));
    assertThatThrownBy(() -> Journal.open(file)).isInstanceOf(ConfigurationRefused.class);

    Files.writeString(file, content);
    Journal.open(file).close();
  }

  @Test
  void anotherVersionEndsTheStart() throws Exception {
    Files.writeString(file, "{\"v\":2}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> Journal.open(file))
        .isInstanceOf(ConfigurationRefused.class)
        .hasMessageContaining("after line 2");
  }

  @Test
  void onlyOneProcessWrites() throws Exception {
    try (Journal open = Journal.open(file)) {
      assertThat(open.writable()).isTrue();
      assertThatThrownBy(() -> Journal.open(file))
          .isInstanceOf(ConfigurationRefused.class)
          .hasMessageContaining("in use");
    }
  }

  private static JournalEvent rejected(String id) {
    return new JournalEvent.ApplicationRejected(id, new BankId("BKABXX00"), "why");
  }
}
