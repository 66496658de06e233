package org.interseal.bank.processing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.meters.CryptoOperation;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.heartbeat.HeartbeatWriter;
import org.interseal.store.Store;

/** A server's sign of life; its signatures are counted. */
final class Heartbeat implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final HeartbeatWriter writer;

  Heartbeat(
      Store shared,
      BankId bank,
      String node,
      SigningKey key,
      InstantSource clock,
      BankMeters meters,
      LongSupplier behindMillis) {
    this.writer =
        new HeartbeatWriter(
            shared,
            Party.server(bank, node),
            key,
            clock,
            () -> meters.crypto(CryptoOperation.SIGN, 1),
            behindMillis);
  }

  void start(ScheduledExecutorService executor) {
    writer.start(executor, EVERY);
  }

  @Override
  public void close() {
    writer.close();
  }
}
