package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Payments.payment;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.interseal.client.BankClient;
import org.interseal.client.Watch;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bank with two servers and two gateways: its customers notice neither of one that goes. */
class SeveralNodesIT {
  private static final int PORT_BASE = 29_400;

  /** Less than a follower takes that has to find a stream silent. */
  private static final Duration PUSHED = Duration.ofSeconds(20);

  @TempDir Path data;

  @Test
  void anyGatewayServesAnyDeviceAndAnyServerTakesTheLedgerOver() throws Exception {
    try (Federation federation =
        Federation.in(data).banks(A).nodes(2, 2).portBase(PORT_BASE).start()) {
      BankPorts ports = federation.ports(A);
      assertThat(ports.gateways()).hasSize(2).doesNotHaveDuplicates();
      assertThat(ports.servers()).hasSize(2).doesNotHaveDuplicates();
      Customer payer = federation.customer(A, "Payer", 10_000);
      Customer payee = federation.customer(A, "Payee", 0);
      Payment first = payment(payer, payee, 100);
      assertThat(Payments.pay(payer, first)).isEqualTo("ACCC");

      // The same device at the other gateway alone: same bytes, first answer, same mailbox.
      payer.reconnect(at(federation, ports.gateways().get(1)));
      assertThat(Payments.pay(payer, first)).as("the first answer").isEqualTo("ACCC");
      assertThat(payee.creditsInTheEnd(first.uetr())).isEqualTo(1);

      payer.reconnect(federation.client(A));
      payee.reconnect(federation.client(A));
      try (Watch _ = payee.device().watch()) {
        assertPushed(payer, payee);
        federation.stop(A, "gateway-1");
        assertPushed(payer, payee);
        federation.stop(A, writer(federation, A));
        assertPushed(payer, payee);
      }
      assertThat(payer.bookedMinor()).isEqualTo(10_000 - 4 * 100);
      assertThat(payee.bookedMinor()).isEqualTo(4 * 100);
    }
    OfflineVerification.assertSound(data);
    assertThat(data)
        .as("what web servers spool lies with the data, not among the machine's temporary files")
        .isDirectoryRecursivelyContaining("glob:**/gateway-1/tomcat")
        .isDirectoryRecursivelyContaining("glob:**/server-2/tomcat");
  }

  private static BankClient at(Federation federation, URI gateway) throws Exception {
    return Waiting.get(
        BankClient.connect(federation.runtime(), List.of(gateway), federation.rootFingerprint()));
  }

  /** The payee hears of it without asking. */
  private static void assertPushed(Customer payer, Customer payee) throws Exception {
    Payment payment = payment(payer, payee, 100);
    assertThat(Payments.pay(payer, payment)).isEqualTo("ACCC");
    Waiting.until("the payee is told", PUSHED, () -> told(payee, payment.uetr()) > 0);
    assertThat(told(payee, payment.uetr())).as("told once").isEqualTo(1);
  }

  private static long told(Customer payee, UUID uetr) {
    return payee.notices().stream()
        .filter(notice ->
            notice instanceof DeviceNotice.CreditReceived credit
                && credit.payment().uetr().equals(uetr))
        .count();
  }

  private static String writer(Federation federation, BankId bank) throws Exception {
    List<URI> servers = federation.ports(bank).servers();
    for (URI server : servers) {
      if (federation
          .operators()
          .read(server, "/actuator/ledger")
          .path("phase")
          .asString()
          .equals("Writing")) {
        return "server-" + (servers.indexOf(server) + 1);
      }
    }
    throw new AssertionError("nobody writes");
  }
}
