package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.payment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  private static final int ORDERS = 150;
  private static final int KILLED_AT = 10;
  private static final long FUNDS_MINOR = 1_000_000;
  private static final long AMOUNT_MINOR = 100;
  private static final Duration ORDER_LIMIT = Duration.ofMinutes(2);

  @TempDir Path data;

  private final List<ChildFederation> started = new ArrayList<>();

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
      List<Payment> payments = new ArrayList<>();
      List<CompletableFuture<PaymentOutcome>> outcomes = new ArrayList<>();
      AtomicInteger answered = new AtomicInteger();
      for (int i = 0; i < ORDERS; i++) {
        payments.add(payment(payer, payee, AMOUNT_MINOR));
        outcomes.add(
            payer
                .device()
                .payAndWait(payments.get(i), ORDER_LIMIT)
                .whenComplete((_, _) -> answered.incrementAndGet()));
      }
      Waiting.until("some payments are answered", () -> answered.get() >= KILLED_AT);
      List<ProcessHandle> services = launcher.services("SeparateService");
      assertThat(services).hasSize(4);

      launcher.kill();
      assertThat(answered.get()).as("killed in mid-run").isLessThan(ORDERS);
      ChildFederation next = start();

      assertThat(services).as("the killed launcher's").noneMatch(ProcessHandle::isAlive);
      assertThat(next.federation().ports(A)).as("the same ports").isEqualTo(federation.ports(A));
      for (int i = 0; i < ORDERS; i++) {
        PaymentOutcome outcome = Waiting.get(outcomes.get(i), ORDER_LIMIT.plusSeconds(30));
        if (!outcome.isFinal()) {
          outcome = payer.pay(payments.get(i));
        }
        assertThat(Federation.ending(outcome)).isEqualTo("ACCC");
        assertThat(payee.credits(payments.get(i).uetr())).isEqualTo(1);
      }
      assertThat(payer.bookedMinor()).isEqualTo(FUNDS_MINOR - ORDERS * AMOUNT_MINOR);
      assertThat(payee.bookedMinor()).isEqualTo(ORDERS * AMOUNT_MINOR);
      assertEndsWithAService(next);
    }
    OfflineVerification.run(data)
        .ifPresent(code -> assertThat(code).as("interseal verify").isZero());
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
    assertThat(services).noneMatch(ProcessHandle::isAlive);
  }
}
