package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;
import static org.interseal.federation.Payments.payment;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.interseal.client.Device;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.sqlite.EditedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** Two banks of two ledger partitions and two servers each, whose customers pay one another. */
class SeveralPartitionsIT {
  private static final int PORT_BASE = 31_400;
  private static final int PARTITIONS = 2;
  private static final long FUNDS_MINOR = 10_000;
  private static final int CUTS = 4;

  @TempDir Path scratch;

  /** By bank and partition. */
  private final Map<String, Customer> customers = new LinkedHashMap<>();

  @Test
  void everyCustomerPaysEveryOtherAndWhatIsLeftBehindIsHeldAgainstEachOther() throws Exception {
    Path data = scratch.resolve("data");
    try (Federation federation =
        Federation.in(data).nodes(2, 1).partitions(PARTITIONS).portBase(PORT_BASE).start()) {
      open(federation);
      payEachOther();
      for (Customer each : customers.values()) {
        assertThat(each.bookedMinor()).as(each.name()).isEqualTo(FUNDS_MINOR + drift(each));
      }
      Waiting.until(
          "nothing is in flight",
          () -> federation.operators().totalMinor() == customers.size() * FUNDS_MINOR);
      assertThat(writers(federation, A)).as("servers that write").hasSize(2);
      aDeviceThatAnotherPartitionUnlinksGoesOnInItsOwn();
    }
    assertThatThrownBy(() -> Federation.in(data).partitions(3).portBase(PORT_BASE).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("founded with 2 ledger partitions");

    JsonNode sound = verify(data, 0);
    assertThat(sound.path("chains").size()).isEqualTo(4);
    for (JsonNode chain : sound.path("chains")) {
      assertThat(chain.path("accounts").asInt()).isEqualTo(1);
    }
    findsAPartitionThatForgotWhatItWasPaid(data);
    findsADroppedBlockOfOnePartition(data);
    takesWhatIsStillInFlightBetweenPartitionsAsItIs(data, sound);
  }

  /** One in each partition: a wished number says in which. */
  private void open(Federation federation) throws Exception {
    for (BankId bank : List.of(A, B)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        String name = bank.institution() + " " + partition;
        Customer customer =
            federation.customer(bank, name, FUNDS_MINOR, 10L * PARTITIONS + partition);
        assertThat(customer.account().partition()).isEqualTo(partition);
        customers.put(bank + " " + partition, customer);
      }
    }
  }

  /** Each pays each other customer of both banks an amount of its own. */
  private void payEachOther() throws Exception {
    List<Customer> all = List.copyOf(customers.values());
    for (Customer payer : all) {
      for (Customer payee : all) {
        if (payer != payee) {
          Payment payment = payment(payer, payee, minor(payer));
          assertThat(Payments.pay(payer, payment))
              .as(payer.name() + " to " + payee.name())
              .isEqualTo("ACCC");
          assertThat(payee.creditsInTheEnd(payment.uetr())).as("told once").isEqualTo(1);
          Waiting.until("the payer is told", () -> payer.finalStatuses(payment.uetr()) >= 1);
          assertThat(payer.finalStatuses(payment.uetr())).as("answered once").isEqualTo(1);
        }
      }
    }
  }

  /** Whoever was shown a device's public keys can have them linked, and unlinked, elsewhere. */
  private void aDeviceThatAnotherPartitionUnlinksGoesOnInItsOwn() throws Exception {
    Customer owner = Objects.requireNonNull(customers.get(A + " 0"));
    Customer other = Objects.requireNonNull(customers.get(A + " 1"));
    Device device = owner.device();
    var _ =
        Customer.answered(
            Waiting.get(
                other.device().approve(device.publicKeys(), "not mine", Customer.ANSWER_LIMIT)));
    assertThat(owner.bookedMinor()).isEqualTo(FUNDS_MINOR + drift(owner));
    var _ =
        Customer.answered(
            Waiting.get(other.device().unlink(device.deviceId(), Customer.ANSWER_LIMIT)));

    assertThat(Payments.pay(owner, other, 5)).isEqualTo("ACCC");
    assertThat(Payments.pay(other, owner, 3)).isEqualTo("ACCC");
  }

  private long minor(Customer payer) {
    return 100L + List.copyOf(customers.values()).indexOf(payer);
  }

  private long drift(Customer customer) {
    long received =
        customers.values().stream().filter(other -> other != customer).mapToLong(this::minor).sum();
    return received - (customers.size() - 1) * minor(customer);
  }

  private static Set<String> writers(Federation federation, BankId bank) throws Exception {
    Set<String> writing = new TreeSet<>();
    Waiting.until(
        "both servers write",
        () -> {
          writing.clear();
          for (URI server : federation.ports(bank).servers()) {
            for (JsonNode line :
                federation.operators().read(server, "/actuator/ledger").path("partitions")) {
              if (line.path("phase").asString().equals("Writing")) {
                writing.add(server.toString());
              }
            }
          }
          return writing.size() == 2;
        });
    return writing;
  }

  /** All payments of partition 1 are gone, and with them its servers' memory. */
  private void findsAPartitionThatForgotWhatItWasPaid(Path data) throws Exception {
    Path copy = copy(data, "forgot");
    cutOff(copy, 1, 2);

    JsonNode report = verify(copy, 1);

    assertThat(problems(report, "MIRROR_BROKEN"))
        .anyMatch(detail -> detail.contains("positions with " + A + " partition 1 differ"));
  }

  private void findsADroppedBlockOfOnePartition(Path data) throws Exception {
    Path copy = copy(data, "dropped");
    edit(copy, "DELETE FROM blocks WHERE id LIKE ?", "p01.000000000003.%");

    JsonNode first = verify(copy, 1).path("badPlaces").path(0);

    assertThat(first.path("bank").asString()).isEqualTo(A.value());
    assertThat(first.path("partition").asInt()).isEqualTo(1);
    assertThat(first.path("height").asLong()).isEqualTo(3);
    assertThat(first.path("reason").asString()).isEqualTo("MISSING_BLOCK");
  }

  /** As if every server had died between a debit in partition 0 and its answer. */
  private void takesWhatIsStillInFlightBetweenPartitionsAsItIs(Path data, JsonNode sound)
      throws Exception {
    long height = height(sound, 0);
    for (int part = 1; part < CUTS; part++) {
      long last = height * part / CUTS;
      Path copy = copy(data, "in-flight-" + last);
      cutOff(copy, 0, last);
      JsonNode report = verify(copy, 1);
      assertThat(problems(report, "INVARIANT_BROKEN")).isEmpty();
      assertThat(problems(report, "MIRROR_BROKEN"))
          .as("in-flight accounts at height %d", last)
          .noneMatch(detail -> detail.contains("in-flight account with partition"));
    }
  }

  private static List<String> problems(JsonNode report, String reason) {
    List<String> found = new ArrayList<>();
    for (JsonNode place : report.path("badPlaces")) {
      if (place.path("reason").asString().equals(reason)) {
        found.add(place.path("detail").asString());
      }
    }
    return found;
  }

  private static long height(JsonNode report, int partition) {
    for (JsonNode chain : report.path("chains")) {
      if (chain.path("bank").asString().equals(A.value())
          && chain.path("partition").asInt() == partition) {
        return chain.path("height").asLong();
      }
    }
    throw new AssertionError("no such chain");
  }

  private JsonNode verify(Path data, int expected) throws Exception {
    Path report = scratch.resolve("report.json");
    Printed printed = OfflineVerification.of(data, "--report", report.toString());
    assertThat(printed.code()).as(printed.text()).isEqualTo(expected);
    return ProtocolJson.decode(Files.readString(report), JsonNode.class);
  }

  private Path copy(Path data, String name) throws IOException {
    Path target = scratch.resolve(name);
    FileSystemUtils.copyRecursively(data, target);
    return target;
  }

  /** Keeps the blocks of a partition of bank A up to this height, and nobody's memory of others. */
  private static void cutOff(Path data, int partition, long height) throws Exception {
    edit(
        data,
        "DELETE FROM blocks WHERE id LIKE 'p%02d.%%' AND id >= ?".formatted(partition),
        "p%02d.%012d.00".formatted(partition, height + 1));
    for (String server : List.of("server-1", "server-2")) {
      Files.deleteIfExists(
          new FederationDirectory(data)
              .bank(A)
              .resolve(server)
              .resolve("%s.p%02d.head".formatted(A, partition)));
    }
  }

  private static void edit(Path data, String sql, String value) throws SQLException {
    EditedFile.change(new FederationDirectory(data).bankDatabase(A), sql, value);
  }
}
