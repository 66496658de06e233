package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No name, account, amount or text of a customer stands in the clear in the store, in a log, in
 * what a service writes below its own directory, or in what a gateway has open.
 */
class SecrecyIT {
  private static final String PAYER = "Quillanthe Xyverborough";
  private static final String PAYEE = "Zorblatt Plinkenhoffer";
  private static final String REMITTANCE = "Vulpine marzipan for the yellow observatory";
  private static final String REFERENCE = "RF-QWXZJVKP-7734";
  private static final long PAYER_NUMBER = 7_391_846_253L;
  private static final long PAYEE_NUMBER = 8_264_917_350L;
  private static final long FUNDS_MINOR = 98_173_645_829L;
  private static final long BETWEEN_MINOR = 73_918_264_517L;
  private static final long BACK_MINOR = 16_483_927_561L;

  @TempDir Path data;

  @Test
  void whatCustomersDoIsNowhereInTheClear() throws Exception {
    PlantedText planted = new PlantedText();
    List<Path> workFiles;
    try (Federation federation = Federation.in(data).separate().portBase(29_400).start()) {
      Customer payer = federation.customer(A, PAYER, FUNDS_MINOR, PAYER_NUMBER);
      Customer payee = federation.customer(B, PAYEE, 0, PAYEE_NUMBER);
      plant(planted, payer, payee);

      assertThat(Payments.pay(payer, payment(payer, payee, BETWEEN_MINOR))).isEqualTo("ACCC");
      assertThat(Payments.pay(payee, payment(payee, payer, BACK_MINOR))).isEqualTo("ACCC");
      assertThat(Payments.pay(payer, payment(payer, payee, FUNDS_MINOR))).isEqualTo("AM04");
      assertThat(payer.statement().entries()).hasSize(3);
      assertThat(payee.bookedMinor()).isEqualTo(BETWEEN_MINOR - BACK_MINOR);

      // While everything runs: the write-ahead logs are still there.
      workFiles = openFilesOfGateways();
      assertThat(planted.in(everyStoreFileAndLog())).isEmpty();
      assertThat(planted.in(workFiles)).isEmpty();
      for (Path home : homes(federation.directory())) {
        assertThat(planted.in(filesUnder(home))).as("below %s", home).isEmpty();
        assertThat(home.resolve("tmp")).isDirectoryContaining("glob:**/tomcat.*");
      }
      if (Files.isDirectory(Path.of("/proc/self/fd"))) {
        assertThat(names(workFiles)).contains("shared.db", "bank-BKAAXX00.db");
      }
    }
    assertThat(planted.in(everyStoreFileAndLog())).as("after a clean stop").isEmpty();
    assertThat(names(everyStoreFileAndLog()))
        .contains("shared.db", "bank-BKAAXX00.db", "bank-BKABXX00.db", "BKAAXX00-server-1.log")
        .contains("BKAAXX00-gateway-1.log", "BKABXX00-branch-1.log", "key-registry.log");
  }

  @Test
  void theScanFindsWhatIsPlanted() throws IOException {
    PlantedText planted = new PlantedText();
    planted.add(PAYER);
    planted.add(BETWEEN_MINOR);
    List<byte[]> spellings =
        List.of(
            PAYER.getBytes(StandardCharsets.UTF_8),
            PAYER.getBytes(StandardCharsets.UTF_16LE),
            PAYER.getBytes(StandardCharsets.UTF_16BE),
            base64("{\"name\":\"" + PAYER + "\"}"),
            base64("x{\"name\":\"" + PAYER + "\"}"),
            base64("xx{\"name\":\"" + PAYER + "\"}"),
            Base64.getEncoder()
                .encode(java.nio.ByteBuffer.allocate(8).putLong(BETWEEN_MINOR).array()));
    for (int i = 0; i < spellings.size(); i++) {
      Path file = data.resolve("planted-" + i);
      Files.write(
          file,
          Stream.of(new byte[1_000], spellings.get(i), new byte[10])
              .reduce(new byte[0], SecrecyIT::join));
      assertThat(planted.in(List.of(file))).as("spelling %d", i).isNotEmpty();
    }
    Path clean = Files.writeString(data.resolve("clean"), "nothing about " + PAYER.substring(0, 8));
    assertThat(planted.in(List.of(clean))).isEmpty();
  }

  private static byte[] base64(String text) {
    return Base64.getUrlEncoder().encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void plant(PlantedText planted, Customer payer, Customer payee) {
    for (String text : List.of(PAYER, PAYEE, REMITTANCE, REFERENCE)) {
      planted.add(text);
    }
    for (Customer customer : List.of(payer, payee)) {
      planted.add(customer.account().value());
      planted.add(Long.toString(customer.account().number()));
      planted.add(customer.account().number());
    }
    for (long minor : List.of(FUNDS_MINOR, BETWEEN_MINOR, BACK_MINOR, BETWEEN_MINOR - BACK_MINOR)) {
      planted.add(Long.toString(minor));
      planted.add(new Money(minor, Federation.CZK).decimal());
      planted.add(minor);
    }
  }

  private static Payment payment(Customer from, Customer to, long minor) {
    return new Payment(
        REFERENCE + "-" + minor,
        REFERENCE,
        UUID.randomUUID(),
        new PartyAccount(from.name(), from.account(), from.bank()),
        new PartyAccount(to.name(), to.account(), to.bank()),
        new Money(minor, Federation.CZK),
        null,
        REMITTANCE,
        null,
        ChargeBearer.SLEV,
        Payments.today());
  }

  /** Where every service works, with its directory for temporary files. */
  private static List<Path> homes(FederationDirectory directory) {
    List<Path> homes = new ArrayList<>(List.of(directory.authority()));
    for (BankId bank : List.of(A, B)) {
      for (String node : List.of("server-1", "gateway-1", "branch-1")) {
        homes.add(directory.node(bank, node));
      }
    }
    return homes;
  }

  /** The store with its write-ahead logs, and all logs. */
  private List<Path> everyStoreFileAndLog() throws IOException {
    List<Path> files = new ArrayList<>(filesUnder(data.resolve("store")));
    files.addAll(filesUnder(data.resolve("logs")));
    return files;
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList();
  }

  private static List<Path> filesUnder(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** What the gateways' processes have open, wherever it lies; empty where /proc is missing. */
  private static List<Path> openFilesOfGateways() throws IOException {
    List<Path> files = new ArrayList<>();
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      Path process = Path.of("/proc", Long.toString(child.pid()));
      if (Files.isReadable(process.resolve("cmdline"))
          && Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .contains("GatewayApplication")) {
        files.addAll(openFiles(process.resolve("fd")));
      }
    }
    return files;
  }

  private static List<Path> openFiles(Path descriptors) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path descriptor : all.toList()) {
        Path target = Files.readSymbolicLink(descriptor);
        boolean ours =
            !target.startsWith(System.getProperty("java.home"))
                && !target.toString().endsWith(".jar");
        if (ours && Files.isRegularFile(target) && Files.isWritable(target)) {
          files.add(target);
        }
      }
    }
    return files;
  }
}
