package org.interseal.protocol.heartbeat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Overwrites one node's heartbeat now and then. A store that does not answer is tried again at the
 * next beat.
 */
public final class HeartbeatWriter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeartbeatWriter.class.getName());
  private static final String UNPACKAGED = "development";

  private final Store shared;
  private final Party node;
  private final SigningKey key;
  private final InstantSource clock;
  private final Runnable signed;
  private final LongSupplier behindMillis;
  private final String program;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param key of the node's certificate
   * @param signed told of every signature, for counting
   */
  public HeartbeatWriter(
      Store shared, Party node, SigningKey key, InstantSource clock, Runnable signed) {
    this(shared, node, key, clock, signed, () -> 0);
  }

  /**
   * @param behindMillis how far the node is behind with its work
   */
  public HeartbeatWriter(
      Store shared,
      Party node,
      SigningKey key,
      InstantSource clock,
      Runnable signed,
      LongSupplier behindMillis) {
    this.behindMillis = behindMillis;
    this.shared = shared;
    this.node = node;
    this.key = key;
    this.clock = clock;
    this.signed = signed;
    String version = HeartbeatWriter.class.getPackage().getImplementationVersion();
    this.program = version == null ? UNPACKAGED : version;
  }

  /** Beats at once and then so often, on a thread of the executor. */
  public void start(ScheduledExecutorService executor, Duration every) {
    timer = executor.scheduleWithFixedDelay(this::beat, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  void beat() {
    try {
      Heartbeat beat = Heartbeat.of(node, program, clock.millis(), behindMillis.getAsLong());
      signed.run();
      String body = SignedStatement.sign(Heartbeat.STATEMENT_TYPE, ProtocolJson.encode(beat), key);
      shared.mutable(TableName.HEARTBEATS).put(Heartbeat.rowId(node), body);
    } catch (StoreUnavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "no heartbeat: {0}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next beat must come.
      LOG.log(System.Logger.Level.ERROR, "the heartbeat failed", e);
    }
  }

  /** No further beat begins; one in hand ends by itself. */
  @Override
  public void close() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
