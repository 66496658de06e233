package org.interseal.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Test;

/** The requests that docs/reference/rest-api.md prints stay valid: strangers build from them. */
class DocumentedExamplesTest {
  private static final Instant SIGNED_AT = Instant.ofEpochSecond(1_795_176_000);

  private static List<ReceivedRequest> examples() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/rest-api.md"));
    Matcher blocks = Pattern.compile("```http\n(.*?)```", Pattern.DOTALL).matcher(page);
    List<ReceivedRequest> examples = new ArrayList<>();
    while (blocks.find()) {
      List<String> lines = blocks.group(1).lines().toList();
      Map<String, String> headers = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        int colon = line.indexOf(": ");
        headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
      }
      String[] target = lines.getFirst().split(" ")[1].split("\\?", 2);
      boolean body = headers.containsKey("content-digest");
      examples.add(
          new ReceivedRequest(
              lines.getFirst().split(" ")[0],
              target[0],
              target.length == 2 ? target[1] : null,
              name -> {
                String value = headers.get(name.toLowerCase(Locale.ROOT));
                return value == null ? List.of() : List.of(value);
              },
              Bytes.utf8(body ? "not.an.envelope.but.signed" : "")));
    }
    return examples;
  }

  @Test
  void theyVerify() throws IOException {
    assertThat(examples()).hasSize(2);
    for (ReceivedRequest example : examples()) {
      assertThat(new RequestVerifier(() -> SIGNED_AT).verify(example))
          .isInstanceOf(RequestVerdict.Authentic.class);
      assertThat(new RequestVerifier(() -> SIGNED_AT.plusSeconds(60)).verify(example))
          .isEqualTo(new RequestVerdict.Rejected(RequestVerdict.Reason.EXPIRED));
    }
  }
}
