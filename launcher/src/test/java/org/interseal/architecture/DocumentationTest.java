package org.interseal.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentationTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void theFirstPageListsEveryPage() throws IOException {
    String first = Files.readString(DOCS.resolve("README.md"));
    for (Path page : pages()) {
      String name = DOCS.relativize(page).toString();
      if (!name.equals("README.md") && !name.startsWith("decisions")) {
        assertThat(first).contains("(" + name + ")");
      }
    }
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path page : pages()) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        assertThat(page.resolveSibling(links.group(1))).as("a link of %s", page).exists();
      }
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(DOCS)) {
      List<Path> pages = files.filter(Files::isRegularFile).toList();
      assertThat(pages).hasSizeGreaterThan(20);
      return pages;
    }
  }
}
