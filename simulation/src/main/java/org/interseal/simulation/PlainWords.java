package org.interseal.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** Looks through stores for what only those who may open it may read. */
final class PlainWords {
  private static final int PAGE = 256;
  private static final int MAX_DEPTH = 4;

  private final List<String> words;
  private final int shortest;

  PlainWords(List<String> words) {
    this.words = List.copyOf(words);
    this.shortest = words.stream().mapToInt(String::length).min().orElse(0);
  }

  /**
   * @throws InvariantBroken when a row of the table shows one of the words, as it is or in base64
   */
  void find(Store observer, TableName name) {
    AppendTable table = observer.append(name);
    try {
      String from = "";
      for (List<Row> page = table.readById("", from, PAGE);
          !page.isEmpty();
          page = table.readById("", from, PAGE)) {
        page.forEach(row -> look(row, name));
        from = page.getLast().id() + "-";
      }
    } catch (StoreUnavailable e) {
      throw new IllegalStateException("an observer's reads do not fail", e);
    }
  }

  private void look(Row row, TableName name) {
    shown(row.body())
        .ifPresent(word -> {
          throw new InvariantBroken("secrecy: a row of " + name + " shows " + word);
        });
  }

  /** The first word that can be read in the text. */
  Optional<String> shown(String text) {
    return find(text, 0);
  }

  /**
   * Letters are base64 inside of base64. Each part is decoded once, whatever it is searched for.
   */
  private Optional<String> find(String text, int depth) {
    for (String word : words) {
      if (text.contains(word)) {
        return Optional.of(word);
      }
    }
    int begin = 0;
    for (int at = 0; depth < MAX_DEPTH && at <= text.length(); at++) {
      if (at == text.length() || !isBase64(text.charAt(at))) {
        if (at - begin > shortest) {
          Optional<String> word = find(decoded(text.substring(begin, at)), depth + 1);
          if (word.isPresent()) {
            return word;
          }
        }
        begin = at + 1;
      }
    }
    return Optional.empty();
  }

  private static boolean isBase64(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static String decoded(String base64) {
    // A rest of one character says nothing and is no base64.
    int length = base64.length() % 4 == 1 ? base64.length() - 1 : base64.length();
    return new String(
        Base64.getUrlDecoder().decode(base64.substring(0, length)), StandardCharsets.ISO_8859_1);
  }
}
