package org.interseal.rethinkdb;

import com.rethinkdb.ast.Query;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.interseal.rethinkdb.FeedInterruption.Cause;

/**
 * One connection's worth of a feed. A blocked read says nothing about the other side, so at every
 * heartbeat the server is asked, on the same connection, who it is; when nothing at all came since
 * the last question, the connection is closed, which wakes the reader.
 */
final class FeedSession {
  /** Is told what the session hears, on the session's thread. */
  interface Hearer {
    void stands();

    void heard(FeedBatch batch);
  }

  static final long TOKEN = 1;

  private final RethinkDbConnection connection;
  private final Deadlines deadlines;
  private final Duration heartbeat;
  private long lastToken = TOKEN;
  private long framesHeard;
  private long framesAtLastQuestion = -1;
  private boolean listening;
  private boolean silent;
  private boolean over;
  private Deadlines.Cancellation nextBeat = () -> {};

  FeedSession(RethinkDbConnection connection, Deadlines deadlines, Duration heartbeat) {
    this.connection = connection;
    this.deadlines = deadlines;
    this.heartbeat = heartbeat;
  }

  /** Whether the server said anything after it had accepted the feed. */
  synchronized boolean provedAlive() {
    return framesHeard > 1;
  }

  /** Subscribes and listens until that fails, and says why it did. */
  FeedInterruption hear(ByteBuffer subscribe, Hearer hearer) {
    boolean stands = false;
    try {
      scheduleBeat();
      ServerResponse response = ask(subscribe);
      while (response.type() == ServerResponse.Type.PARTIAL && response.feed()) {
        if (!stands) {
          stands = true;
          hearer.stands();
        }
        hearer.heard(FeedBatch.of(response.rows()));
        response = ask(Query.createContinue(TOKEN).serialize());
      }
      String detail =
          response
              .failure()
              .map(RethinkDbException::getMessage)
              .orElse("the stream came to its end");
      return new FeedInterruption(stands ? Cause.ENDED_BY_SERVER : Cause.REFUSED, detail);
    } catch (IOException e) {
      return silent()
          ? new FeedInterruption(
              Cause.SILENT, "no sign of life for " + heartbeat.toMillis() + " ms")
          : new FeedInterruption(Cause.CONNECTION_LOST, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new FeedInterruption(Cause.LISTENER_FAILED, e.toString());
    } finally {
      endBeats();
    }
  }

  /** Blocks until the feed says something; a write that blocks is silence too. */
  private ServerResponse ask(ByteBuffer query) throws IOException {
    setListening(true);
    connection.wire().write(query);
    while (true) {
      Wire.Frame frame = connection.wire().readFrame();
      countFrame();
      if (frame.token() == TOKEN) {
        setListening(false);
        return ServerResponse.parse(frame.json().array());
      }
    }
  }

  private synchronized void countFrame() {
    framesHeard++;
  }

  /** While the listener is at work nobody reads, so silence proves nothing. */
  private synchronized void setListening(boolean now) {
    listening = now;
    framesAtLastQuestion = -1;
  }

  private synchronized boolean silent() {
    return silent;
  }

  private synchronized void scheduleBeat() {
    if (!over) {
      nextBeat = deadlines.after(heartbeat, this::beat);
    }
  }

  private synchronized void endBeats() {
    over = true;
    nextBeat.cancel();
  }

  private synchronized void beat() {
    if (over) {
      return;
    }
    if (listening && framesHeard == framesAtLastQuestion) {
      silent = true;
      connection.close();
      return;
    }
    if (listening) {
      framesAtLastQuestion = framesHeard;
      long token = ++lastToken;
      // A write may block, which a timer must not.
      Thread.ofVirtual().name("rethinkdb-heartbeat").start(() -> question(token));
    }
    scheduleBeat();
  }

  private void question(long token) {
    try {
      connection.wire().write(Query.createServerInfo(token).serialize());
    } catch (IOException e) {
      connection.close();
    }
  }
}
