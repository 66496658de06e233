package org.interseal.launcher.load;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.interseal.client.Device;
import org.interseal.client.Watch;
import org.interseal.protocol.message.DeviceNotice;

/** Pays from bank to bank in both directions, and hears what payers and payees are told. */
final class PaymentLoad implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);
  private static final Duration NOTIFICATION_LIMIT = Duration.ofSeconds(30);

  private final Map<Customer, Device> devices;
  private final List<List<Customer>> banks;
  private final SecureRandom random;
  private final PaymentMaker maker;
  private final int atOnce;
  private final Map<UUID, TrackedPayment> tracked = new ConcurrentHashMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private int made;

  /**
   * Starts to watch every customer's mailbox.
   *
   * @param atOnce most payments under way in a closed loop
   */
  PaymentLoad(
      Map<Customer, Device> devices, SecureRandom random, LocalDate executionDate, int atOnce) {
    this.devices = Map.copyOf(devices);
    this.banks =
        List.copyOf(
            devices.keySet().stream()
                .collect(Collectors.groupingBy(Customer::bank, TreeMap::new, Collectors.toList()))
                .values());
    this.random = random;
    this.maker = new PaymentMaker(random, executionDate);
    this.atOnce = atOnce;
    for (Device device : devices.values()) {
      device.onNotice(this::noticed);
      watches.add(device.watch());
    }
  }

  private void noticed(DeviceNotice notice) {
    if (notice instanceof DeviceNotice.CreditReceived credit) {
      TrackedPayment payment = tracked.get(credit.payment().uetr());
      if (payment != null) {
        payment.notified(System.nanoTime());
      }
    }
  }

  /**
   * Makes so many payments and waits until each is answered and its payee notified, or a minute and
   * a half is over.
   *
   * @param perSecond of an open loop; empty for a closed one
   * @param done hears of each that is over
   */
  List<TrackedPayment> run(int count, Optional<Double> perSecond, Runnable done)
      throws InterruptedException {
    List<TrackedPayment> phase = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      phase.add(next());
    }
    Semaphore room = new Semaphore(atOnce);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    long startNanos = System.nanoTime();
    for (int i = 0; i < count; i++) {
      TrackedPayment payment = phase.get(i);
      if (perSecond.isPresent()) {
        long due = startNanos + (long) (i * 1e9 / perSecond.get());
        parkUntil(due);
        payment.due(due);
      } else {
        room.acquire();
        payment.due(System.nanoTime());
      }
      ends.add(
          submit(payment)
              .whenComplete((_, _) -> {
                room.release();
                done.run();
              }));
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    return phase;
  }

  private static void parkUntil(long dueNanos) throws InterruptedException {
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private CompletableFuture<Void> submit(TrackedPayment payment) {
    tracked.put(payment.payment().uetr(), payment);
    return Objects.requireNonNull(devices.get(payment.payer()))
        .payAndWait(payment.payment(), ANSWER_LIMIT)
        .thenCompose(outcome -> {
          payment.ended(outcome);
          return payment.moved() && !payment.wasNotified()
              ? payment
                  .arrival()
                  .copy()
                  .orTimeout(NOTIFICATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                  .<Void>thenApply(_ -> null)
                  .exceptionally(PaymentLoad::onlyTimeouts)
              : CompletableFuture.<Void>completedFuture(null);
        });
  }

  private static Void onlyTimeouts(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof TimeoutException) {
      return nothing();
    }
    throw new IllegalStateException(failure);
  }

  @SuppressWarnings("NullAway") // Void has no other value
  private static Void nothing() {
    return null;
  }

  private TrackedPayment next() {
    int number = made++;
    List<Customer> from = banks.get(number % banks.size());
    List<Customer> to = banks.get((number + 1) % banks.size());
    Customer payer = from.get(number / banks.size() % from.size());
    Customer payee = to.get(random.nextInt(to.size()));
    return maker.make(payer, payee);
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }
}
