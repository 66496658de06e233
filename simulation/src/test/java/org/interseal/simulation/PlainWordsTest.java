package org.interseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainWordsTest {
  private static final String NAME = "Ada Lovelace";
  private static final String ACCOUNT = "BKAA0001";

  private final PlainWords words = new PlainWords(List.of(NAME, ACCOUNT));

  private static String encoded(String text, int times) {
    String result = text;
    for (int i = 0; i < times; i++) {
      result =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(result.getBytes(StandardCharsets.ISO_8859_1));
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aWordIsFoundHoweverDeepItIsEncoded(int times) {
    for (String word : List.of(NAME, ACCOUNT)) {
      String inside = encoded("{\"to\":\"" + word + "\"}", times);
      assertThat(words.shown(inside)).contains(word);
      assertThat(words.shown("e30." + inside + ".AA")).contains(word);
      assertThat(words.shown("\"" + inside)).contains(word);
      assertThat(words.shown("ABCDEFGHIJKLM!" + inside)).contains(word);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Ada", "{\"to\":\"BKAA0002\"}", "QUJDREVGR0hJSktMTQ.QUJDREVGR0hJSktMTQ"})
  void otherTextShowsNothing(String text) {
    assertThat(words.shown(text)).isEmpty();
    assertThat(words.shown(encoded(text, 2))).isEmpty();
  }
}
