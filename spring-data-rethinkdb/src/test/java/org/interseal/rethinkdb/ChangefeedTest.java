package org.interseal.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.rethinkdb.FakeServer.Session;
import org.interseal.rethinkdb.FeedInterruption.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChangefeedTest {
  private static final String FEED_STANDS = "{\"t\":3,\"r\":[],\"n\":[1]}";
  private static final String CHANGE =
      "{\"t\":3,\"r\":[{\"old_val\":null,\"new_val\":{\"id\":\"a\"}}],\"n\":[1]}";

  private final ManualDeadlines time = new ManualDeadlines();
  private final Recorder heard = new Recorder();

  @Test
  void tellsWhenItStandsAndWhatChanges() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              long token = stand(s);
              s.query();
              s.reply(token, CHANGE);
              s.query();
              s.sayNothing();
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("resumed");
      assertThat(heard.next()).isEqualTo("changed [a]");
    }
  }

  @Test
  void reportsChangesThatTheServerDropped() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              long token = stand(s);
              s.query();
              s.reply(token, "{\"t\":3,\"r\":[{\"error\":\"skipped 5 elements.\"}],\"n\":[1]}");
              s.query();
              s.reply(token, CHANGE);
              s.sayNothing();
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("resumed");
      assertThat(heard.next()).isEqualTo("lost skipped 5 elements.");
      assertThat(heard.next()).isEqualTo("changed [a]");
    }
  }

  @Test
  void resumesAfterItsConnectionBroke() throws Exception {
    assertInterruptedBy(
        Cause.CONNECTION_LOST,
        s -> {
          stand(s);
          s.query();
        });
  }

  @Test
  void resumesAfterAnAnswerThatWasCutOff() throws Exception {
    assertInterruptedBy(
        Cause.CONNECTION_LOST,
        s -> {
          long token = stand(s);
          s.query();
          s.reply(token, "{\"t\":3,\"r\":[");
        });
  }

  @Test
  void takesTheEndOfTheStreamForAFailure() throws Exception {
    assertInterruptedBy(
        Cause.ENDED_BY_SERVER,
        s -> {
          long token = stand(s);
          s.query();
          s.reply(token, "{\"t\":2,\"r\":[],\"n\":[1]}");
          s.sayNothing();
        });
  }

  @Test
  void resumesAfterAFailover() throws Exception {
    assertInterruptedBy(
        Cause.ENDED_BY_SERVER,
        s -> {
          long token = stand(s);
          s.query();
          s.reply(token, "{\"t\":18,\"e\":4100000,\"r\":[\"Changefeed aborted\"]}");
          s.sayNothing();
        });
  }

  @Test
  void triesAgainWhereTheServerRefusesTheFeed() throws Exception {
    assertRefusedThenResumed("{\"t\":18,\"e\":3100000,\"r\":[\"no such table\"]}");
    assertRefusedThenResumed("{\"t\":1,\"r\":[1]}");
  }

  @Test
  void triesAgainUntilAServerIsThere() throws Exception {
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              if (connections.incrementAndGet() > 2) {
                stand(s);
                s.sayNothing();
              }
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("interrupted NOT_CONNECTED");
      assertThat(heard.next()).isEqualTo("interrupted NOT_CONNECTED");
      assertThat(heard.next()).isEqualTo("resumed");
    }
  }

  @Test
  void findsSilence() throws Exception {
    var listening = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              stand(s);
              if (connections.incrementAndGet() == 1) {
                s.query();
                listening.countDown();
                assertThat(s.query().isServerInfo()).isTrue();
                asked.countDown();
              }
              s.sayNothing();
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("resumed");
      listening.await();
      time.expire();
      asked.await();
      time.expire();
      assertThat(heard.next()).isEqualTo("interrupted SILENT");
      assertThat(heard.next()).isEqualTo("resumed");
    }
  }

  @Test
  void findsAServerThatNeverAcceptsTheFeed() throws Exception {
    var listening = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              s.logIn();
              s.query();
              listening.countDown();
              s.query();
              asked.countDown();
              s.sayNothing();
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      listening.await();
      time.expire();
      asked.await();
      time.expire();
      assertThat(heard.next()).isEqualTo("interrupted SILENT");
    }
  }

  @Test
  void staysWithAServerThatGivesSignsOfLife() throws Exception {
    var listening = new Semaphore(0);
    try (FakeServer server =
            FakeServer.start(s -> {
              long token = stand(s);
              while (true) {
                s.query();
                listening.release();
                Session.Query question = s.query();
                s.reply(question.token(), "{\"t\":5,\"r\":[{\"name\":\"fake\"}]}");
                s.reply(token, CHANGE);
              }
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("resumed");
      for (int beat = 0; beat < 5; beat++) {
        listening.acquire();
        time.expire();
        assertThat(heard.next()).isEqualTo("changed [a]");
      }
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void treatsWhatItsListenerDidNotTakeAsNotHeard() throws Exception {
    try (FakeServer server =
            FakeServer.start(s -> {
              long token = stand(s);
              s.query();
              s.reply(token, CHANGE);
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      heard.failOnce = true;
      try (Changefeed _ = follow(pool)) {
        assertThat(heard.next()).isEqualTo("resumed");
        assertThat(heard.next()).isEqualTo("interrupted LISTENER_FAILED");
        assertThat(heard.next()).isEqualTo("resumed");
        assertThat(heard.next()).isEqualTo("changed [a]");
      }
    }
  }

  @Test
  void endsItsThreadWhenClosedWhileItIsBlocked() throws Exception {
    var listening = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              stand(s);
              s.query();
              listening.countDown();
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      Changefeed feed = follow(pool);
      listening.await();
      feed.close();
      assertThat(feed.running()).isFalse();
      assertThat(heard.all()).containsExactly("resumed");
      assertThat(pool.feeds()).isZero();
      feed.close();
    }
  }

  @Test
  void endsItsThreadWhenClosedWhileItConnects() throws Exception {
    var connecting = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              connecting.countDown();
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      Changefeed feed = follow(pool);
      connecting.await();
      feed.close();
      assertThat(feed.running()).isFalse();
      assertThat(heard.all()).isEmpty();
    }
  }

  @Test
  void endsWithItsPool() throws Exception {
    try (FakeServer server =
        FakeServer.start(s -> {
          stand(s);
          s.sayNothing();
        })) {
      ConnectionPool pool = pool(server);
      Changefeed feed = follow(pool);
      assertThat(heard.next()).isEqualTo("resumed");
      pool.close();
      assertThat(feed.running()).isFalse();
    }
  }

  @Test
  void mayBeClosedByItsListener() throws Exception {
    var self = new AtomicReference<Changefeed>();
    var closed = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(s -> {
              long token = stand(s);
              s.query();
              s.reply(token, CHANGE);
              s.sayNothing();
            });
        ConnectionPool pool = pool(server)) {
      heard.onChange =
          () -> {
            while (self.get() == null) {
              Thread.onSpinWait();
            }
            self.get().close();
            closed.countDown();
          };
      self.set(follow(pool));
      closed.await();
      assertThat(heard.next()).isEqualTo("resumed");
    }
  }

  private void assertInterruptedBy(Cause cause, FakeServer.Behaviour first) throws Exception {
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              if (connections.incrementAndGet() == 1) {
                first.serve(s);
              } else {
                stand(s);
                s.sayNothing();
              }
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("resumed");
      assertThat(heard.next()).isEqualTo("interrupted " + cause);
      assertThat(heard.next()).isEqualTo("resumed");
    }
  }

  private void assertRefusedThenResumed(String refusal) throws Exception {
    var connections = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(s -> {
              if (connections.incrementAndGet() == 1) {
                s.logIn();
                s.reply(s.query().token(), refusal);
              } else {
                stand(s);
              }
              s.sayNothing();
            });
        ConnectionPool pool = pool(server);
        Changefeed _ = follow(pool)) {
      assertThat(heard.next()).isEqualTo("interrupted REFUSED");
      assertThat(heard.next()).isEqualTo("resumed");
    }
  }

  private static long stand(Session session) throws java.io.IOException {
    session.logIn();
    long token = session.query().token();
    session.reply(token, FEED_STANDS);
    return token;
  }

  private ConnectionPool pool(FakeServer server) {
    return Fixtures.pool(Fixtures.settings(server.address()), time);
  }

  private Changefeed follow(ConnectionPool pool) {
    return new RethinkDbTemplate(pool).follow("test", r.table("t").changes(), heard);
  }

  /** Writes down what it is told. */
  private static final class Recorder implements ChangefeedListener {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile boolean failOnce;
    private volatile Runnable onChange = () -> {};

    String next() throws InterruptedException {
      String next = told.poll(20, TimeUnit.SECONDS);
      return next == null ? "nothing" : next;
    }

    List<String> all() {
      return List.copyOf(told);
    }

    @Override
    public void changed(List<Change> changes) {
      if (failOnce) {
        failOnce = false;
        throw new IllegalStateException("not now");
      }
      told.add("changed " + changes.stream().map(c -> c.after().orElseThrow().text("id")).toList());
      onChange.run();
    }

    @Override
    public void lost(String detail) {
      told.add("lost " + detail);
    }

    @Override
    public void interrupted(FeedInterruption interruption) {
      told.add("interrupted " + interruption.cause());
    }

    @Override
    public void resumed() {
      told.add("resumed");
    }
  }
}
