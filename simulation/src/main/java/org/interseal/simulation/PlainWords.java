package org.interseal.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** Looks through stores for what only those who may open it may read. */
final class PlainWords {
  private static final int PAGE = 256;
  private static final int MAX_DEPTH = 4;
  private static final Pattern NO_BASE64 = Pattern.compile("[^A-Za-z0-9_-]+");

  private final List<String> words;

  PlainWords(List<Customer> customers) {
    this.words =
        customers.stream()
            .flatMap(customer -> Stream.of(customer.name(), customer.account().value()))
            .toList();
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
    for (String word : words) {
      if (shows(row.body(), word, 0)) {
        throw new InvariantBroken("secrecy: a row of " + name + " shows " + word);
      }
    }
  }

  /** Letters are base64 inside of base64. */
  private static boolean shows(String text, String word, int depth) {
    return text.contains(word)
        || (depth < MAX_DEPTH
            && NO_BASE64
                .splitAsStream(text)
                .filter(part -> part.length() > word.length())
                .anyMatch(part -> shows(decoded(part), word, depth + 1)));
  }

  private static String decoded(String base64) {
    // A rest of one character says nothing and is no base64.
    int length = base64.length() % 4 == 1 ? base64.length() - 1 : base64.length();
    return new String(
        Base64.getUrlDecoder().decode(base64.substring(0, length)), StandardCharsets.ISO_8859_1);
  }
}
