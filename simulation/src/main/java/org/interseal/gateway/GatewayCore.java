package org.interseal.gateway;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.DurableInsert;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/** A gateway below HTTP, for the simulation: what its controllers call. */
public final class GatewayCore {
  private static final Duration INSERT_LIMIT = Duration.ofSeconds(5);

  private final BankDirectory banks;
  private final DeviceDirectory devices;
  private final Submissions submissions;
  private final Mailbox mailbox;

  public GatewayCore(
      BankId bank,
      BankDirectory banks,
      Store shared,
      Store own,
      InstantSource clock,
      ScheduledExecutorService timer,
      LongSupplier nanoTime,
      RandomGenerator random) {
    GatewayMeters meters = new GatewayMeters(new CompositeMeterRegistry());
    this.banks = banks;
    this.devices = new DeviceDirectory(bank, banks, own, clock, meters);
    this.submissions =
        new Submissions(bank, banks, null, shared, timer, nanoTime, random, INSERT_LIMIT);
    this.mailbox = new Mailbox(own, meters);
  }

  /** What a gateway reads now and then. */
  public void refresh() throws StoreUnavailable {
    banks.refresh();
    devices.refresh();
  }

  /** What a gateway looks for now and then. */
  public void sweep() throws StoreUnavailable {
    devices.sweep();
  }

  /** Whether that device may submit. */
  public boolean linked(String deviceId) {
    return devices.linked(deviceId);
  }

  /** The answer to a submission: accepted for good when it is durable, empty to come again. */
  public CompletableFuture<Optional<DurableInsert.Result.Durable>> submit(
      String deviceId, String envelope) {
    if (!devices.linked(deviceId)
        || !(submissions.check(Bytes.utf8(envelope))
            instanceof Submissions.Check.Acceptable acceptable)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return submissions
        .submit(acceptable)
        .thenApply(result ->
            result instanceof DurableInsert.Result.Durable durable
                ? Optional.of(durable)
                : Optional.empty());
  }

  /**
   * A page of a device's mailbox.
   *
   * @param cursor of an earlier page, empty from the beginning
   */
  public RestApi.MailboxPage mailbox(String deviceId, String cursor, int limit)
      throws StoreUnavailable {
    return mailbox.page(
        deviceId, cursor.isEmpty() ? MailboxCursor.START : MailboxCursor.parse(cursor), limit);
  }
}
