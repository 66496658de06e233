package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MailboxIT {
  @TempDir Path directory;
  private Federation federation;
  private Gateway gateway;
  private TestDevice device;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    device = federation.linkedDevice();
    gateway = federation.gateway("interseal.gateway.heartbeat=100ms");
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    federation.close();
  }

  private RestApi.MailboxPage page(@Nullable String query) throws Exception {
    return gateway.get(device, RestApi.MAILBOX, query).as(RestApi.MailboxPage.class);
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() throws Exception {
    for (int i = 0; i < 5; i++) {
      federation.post(device, null, "item-" + i);
    }
    List<String> read = new ArrayList<>();
    RestApi.MailboxPage page = page("limit=2");
    page.items().forEach(item -> read.add(item.envelope()));
    while (page.more()) {
      page = page("limit=2&after=" + page.cursor());
      page.items().forEach(item -> read.add(item.envelope()));
    }
    assertThat(read).containsExactly("item-0", "item-1", "item-2", "item-3", "item-4");
    assertThat(page("after=" + page.cursor()).items()).isEmpty();

    federation.post(device, null, "item-5");
    assertThat(page("after=" + page.cursor()).items())
        .extracting(RestApi.Item::envelope)
        .containsExactly("item-5");
  }

  @Test
  void aRowThatIsNoItemIsLeftOut() throws Exception {
    Federation.insert(
        federation.bankStore.append(TableName.MAILBOX),
        new NewRow(device.id(), "junk", "{\"v\":9}"));
    federation.post(device, null, "good");
    assertThat(page(null).items()).extracting(RestApi.Item::envelope).containsExactly("good");
    assertThat(gateway.metric("interseal.gateway.rows.refused", "table", "mailbox")).isEqualTo(1);
  }

  /** Reads events until there are as many items as asked for. */
  private static final class Events implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;
    private String lastId = "";

    Events(HttpResponse<InputStream> response) {
      assertThat(response.statusCode()).isEqualTo(200);
      this.response = response;
      this.lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    RestApi.Item next() throws Exception {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("data: ")) {
          return ProtocolJson.decode(line.substring(6), RestApi.Item.class);
        }
      }
      throw new AssertionError("the stream ended");
    }

    /** The next line that begins like this. */
    String line(String prefix) throws IOException {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith(prefix)) {
          return line;
        }
      }
      throw new AssertionError("the stream ended");
    }

    boolean ends() throws IOException {
      String line;
      do {
        line = lines.readLine();
      } while (line != null);
      return true;
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private Events events(Gateway at, @Nullable String query, Map<String, String> headers)
      throws Exception {
    return new Events(at.events(device, query, headers));
  }

  @Test
  void eventsBringWhatIsThereAndWhatComes() throws Exception {
    federation.post(device, null, "before");
    try (Events events = events(gateway, null, Map.of())) {
      assertThat(events.next().envelope()).isEqualTo("before");
      federation.post(device, null, "after");
      assertThat(events.next().envelope()).isEqualTo("after");
    }
  }

  @Test
  void eventsResumeAtAnotherGateway() throws Exception {
    federation.post(device, null, "one");
    String lastId;
    try (Events events = events(gateway, null, Map.of())) {
      assertThat(events.next().envelope()).isEqualTo("one");
      lastId = events.lastId;
    }
    federation.post(device, null, "two");
    try (Gateway second = federation.gateway();
        Events events = events(second, "after=c0-", Map.of("Last-Event-ID", lastId))) {
      assertThat(events.next().envelope()).isEqualTo("two");
    }
  }

  @Test
  void aQuietStreamBeats() throws Exception {
    try (Events events = events(gateway, null, Map.of())) {
      assertThat(events.line(": beat")).isNotNull();
      assertThat(events.line(": beat")).isNotNull();
    }
  }

  @Test
  void aDeviceHasFewStreams() throws Exception {
    try (Gateway strict = federation.gateway("interseal.gateway.max-event-streams-per-device=1");
        Events _ = events(strict, null, Map.of())) {
      assertThat(strict.get(device, RestApi.MAILBOX_EVENTS, null).problem())
          .isEqualTo("too-many-streams");
      assertThat(strict.metric("interseal.gateway.event.streams")).isEqualTo(1);
    }
  }

  @Test
  void madeUpKeysTakeNoStreamsFromCustomers() throws Exception {
    try (Gateway small =
            federation.gateway(
                "interseal.gateway.max-event-streams=3",
                "interseal.gateway.max-event-streams-of-strangers=1");
        Events _ = new Events(small.events(federation.device(), null, Map.of()))) {
      assertThat(small.get(federation.device(), RestApi.MAILBOX_EVENTS, null).problem())
          .isEqualTo("too-many-streams");
      try (Events _ = events(small, null, Map.of());
          Events _ = events(small, null, Map.of())) {
        assertThat(small.metric("interseal.gateway.event.streams")).isEqualTo(3);
      }
    }
  }

  @Test
  void streamsEndWithTheirGatewayAndWithTheirTime() throws Exception {
    Gateway stopping = federation.gateway();
    try (Events events = events(stopping, null, Map.of())) {
      assertThat(events.line("retry:")).isNotNull();
      stopping.context().close();
      assertThat(events.ends()).isTrue();
    }
    stopping.close();
    try (Gateway brief = federation.gateway("interseal.gateway.event-stream-life=200ms");
        Events events = events(brief, null, Map.of())) {
      assertThat(events.ends()).isTrue();
    }
  }
}
