package org.interseal.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A page below docs/, for tests that hold the code to it. Tests run in their module's directory.
 */
public final class DocumentedPage {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern CELL_END = Pattern.compile(" *\\| *");

  private final String name;
  private final List<String> lines;

  private DocumentedPage(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  /** {@code name} as in {@code reference/metrics.md}. */
  public static DocumentedPage of(String name) {
    try {
      return new DocumentedPage(name, Files.readAllLines(DOCS.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text below a heading, down to the next one of any level. */
  public String section(String heading) {
    return String.join("\n", sectionLines(heading));
  }

  /** The cells of the tables below a heading, without head and rule. Code marks stay. */
  public List<List<String>> rows(String heading) {
    List<List<String>> rows = new ArrayList<>();
    int row = 0;
    for (String line : sectionLines(heading)) {
      row = line.startsWith("|") ? row + 1 : 0;
      if (row > 2) {
        rows.add(List.of(CELL_END.split(line.substring(1).strip())));
      }
    }
    return rows;
  }

  /** All tables of the page, as {@link #rows(String)}. */
  public List<List<String>> rows() {
    List<List<String>> all = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("#")) {
        all.addAll(rows(line.replaceFirst("^#+ ", "")));
      }
    }
    return all;
  }

  private List<String> sectionLines(String heading) {
    int at = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("#+ " + Pattern.quote(heading))) {
        at = i;
      }
    }
    if (at < 0) {
      throw new AssertionError(name + " has no section " + heading);
    }
    int end = at + 1;
    while (end < lines.size() && !lines.get(end).startsWith("#")) {
      end++;
    }
    return lines.subList(at + 1, end);
  }
}
