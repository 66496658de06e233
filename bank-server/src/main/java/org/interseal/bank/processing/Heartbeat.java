package org.interseal.bank.processing;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.meters.CryptoOperation;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A signed sign of life in the shared database: who is there, in which version. */
final class Heartbeat implements AutoCloseable {
  /** The {@code typ} of the signed statement. */
  static final String STATEMENT_TYPE = "interseal-heartbeat";

  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final long BEAT_MILLIS = 1_000;
  private static final int VERSION = 1;

  private record Beat(int v, BankId bank, String node, String program, long atMillis) {}

  private final Store shared;
  private final BankId bank;
  private final String node;
  private final SigningKey key;
  private final InstantSource clock;
  private final BankMeters meters;
  private final String program;
  private @Nullable ScheduledFuture<?> timer;

  Heartbeat(Store shared, BankId bank, String node, SigningKey key, InstantSource clock, BankMeters meters) {
    this.shared = shared;
    this.bank = bank;
    this.node = node;
    this.key = key;
    this.clock = clock;
    this.meters = meters;
    String version = Heartbeat.class.getPackage().getImplementationVersion();
    this.program = version == null ? "development" : version;
  }

  void start(ScheduledExecutorService executor) {
    timer = executor.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      Beat beat = new Beat(VERSION, bank, node, program, clock.millis());
      meters.crypto(CryptoOperation.SIGN, 1);
      String body = SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(beat), key);
      shared.mutable(TableName.HEARTBEATS).put(bank.value() + "." + node, body);
    } catch (StoreUnavailable e) {
      log.debug("no heartbeat: {}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next beat must come.
      log.error("the heartbeat failed", e);
    }
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
