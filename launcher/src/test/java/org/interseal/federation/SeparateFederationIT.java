package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Payments.payment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.client.PaymentOutcome;
import org.interseal.protocol.banking.Payment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A federation with a JVM for each service is one thing: its processes live and end together. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "services are told apart by /proc")
class SeparateFederationIT {
  private static final int PORT_BASE = 26_400;
  private static final int ONE_BANK = 1;
  private static final int AT_ONCE = 16;
  private static final int MAX_ORDERS = 2_000;
  private static final int KILLED_AT = 10;
  private static final long FUNDS_MINOR = 1_000_000;
  private static final long AMOUNT_MINOR = 100;
  private static final Duration ORDER_LIMIT = Duration.ofMinutes(2);

  @TempDir Path data;

  /** A payment, and what becomes of it. */
  private record Instructed(Payment payment, CompletableFuture<PaymentOutcome> outcome) {}

  private final List<ChildFederation> started = new ArrayList<>();
  private final Queue<Instructed> instructed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicBoolean killed = new AtomicBoolean();

  @AfterEach
  void stop() throws InterruptedException {
    for (ChildFederation each : started) {
      each.stop();
    }
  }

  private ChildFederation start() throws Exception {
    ChildFederation federation =
        ChildFederation.start(data, PORT_BASE, ONE_BANK, "--no-dashboard", "--separate");
    started.add(federation);
    return federation;
  }

  @Test
  void itsServicesEndWithItsLauncherAndItsLauncherWithAService() throws Exception {
    ChildFederation launcher = start();
    try (Federation federation = launcher.federation()) {
      Customer payer = federation.customer(A, "Payer", FUNDS_MINOR);
      Customer payee = federation.customer(A, "Payee", 0);
      for (int i = 0; i < AT_ONCE; i++) {
        payOn(payer, payee);
      }
      Waiting.until("some payments are answered", () -> answered.get() >= KILLED_AT);
      List<ProcessHandle> services = launcher.services("SeparateService");
      assertThat(services).hasSize(4);

      launcher.kill();
      killed.set(true);
      ChildFederation next = start();

      assertThat(services).as("the killed launcher's").noneMatch(SeparateFederationIT::runs);
      assertThat(next.federation().ports(A)).as("the same ports").isEqualTo(federation.ports(A));
      for (Instructed each : instructed) {
        PaymentOutcome outcome = Waiting.get(each.outcome(), ORDER_LIMIT.plusSeconds(30));
        if (!outcome.isFinal()) {
          outcome = payer.pay(each.payment());
        }
        assertThat(Payments.ending(outcome)).isEqualTo("ACCC");
        assertThat(payee.creditsInTheEnd(each.payment().uetr())).isEqualTo(1);
      }
      long movedMinor = instructed.size() * AMOUNT_MINOR;
      assertThat(payer.bookedMinor()).isEqualTo(FUNDS_MINOR - movedMinor);
      assertThat(payee.bookedMinor()).isEqualTo(movedMinor);
      assertEndsWithAService(next);
    }
    OfflineVerification.assertSound(data);
  }

  /** One after the other until the launcher is killed, so that it is killed in mid-run. */
  private void payOn(Customer payer, Customer payee) {
    if (killed.get() || instructed.size() >= MAX_ORDERS) {
      return;
    }
    Payment payment = payment(payer, payee, AMOUNT_MINOR);
    CompletableFuture<PaymentOutcome> outcome = payer.device().payAndWait(payment, ORDER_LIMIT);
    instructed.add(new Instructed(payment, outcome));
    var _ =
        outcome.whenComplete((_, _) -> {
          answered.incrementAndGet();
          payOn(payer, payee);
        });
  }

  /** One that has ended and that nobody has waited for yet does not run any more. */
  private static boolean runs(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return process.isAlive();
    }
  }

  private void assertEndsWithAService(ChildFederation launcher) throws Exception {
    List<ProcessHandle> services = launcher.services("SeparateService");
    ProcessHandle gateway = launcher.services("GatewayApplication").getFirst();

    assertThat(gateway.destroyForcibly()).isTrue();
    ChildFederation.Ended ended = launcher.awaitEnd();

    assertThat(ended.code()).isEqualTo(1);
    Path log = data.resolve("logs/BKAAXX00-gateway-1.log");
    assertThat(ended.said()).contains("BKAAXX00 gateway-1 ended with code 137; its log: " + log);
    assertThat(log).isRegularFile();
    assertThat(services).noneMatch(SeparateFederationIT::runs);
  }
}
