package org.interseal.architecture;

import java.util.List;
import java.util.Map;

/** What each rule must find among the planted classes, as its report says it. */
final class PlantedViolations {
  private static final Map<String, List<String>> BY_RULE =
      Map.of(
          "crypto knows neither Spring nor clocks nor stores",
          List.of(
              "<org.springframework.core.env.Environment>",
              "<org.interseal.store.Store>",
              "<java.time.Clock>",
              "<java.time.InstantSource>"),
          "crypto does no I/O but its vaults'",
          List.of(
              "<java.nio.file.Files>",
              "<java.nio.channels.SocketChannel>",
              "<java.net.Socket>",
              "<java.sql.Connection>",
              "<java.io.File>",
              "<java.io.FileOutputStream>",
              "<java.io.RandomAccessFile>",
              "<java.lang.System.out>"),
          "the ledger is pure",
          List.of(
              "<org.springframework.core.env.Environment>",
              "<java.nio.file.Path>",
              "<java.nio.channels.FileChannel>",
              "<java.net.URI>",
              "<java.util.concurrent.Executor>",
              "<java.sql.Connection>",
              "<java.security.SecureRandom>",
              "<java.time.Clock>",
              "<java.io.File>",
              "<java.io.FileInputStream>",
              "<java.io.RandomAccessFile>",
              "<org.interseal.store.Store>",
              "<org.interseal.store.sqlite.SqliteStore>",
              ".bank.inbox.PlantedInbox>",
              ".bank.outbox.PlantedOutbox>",
              ".bank.processing.PlantedProcessing>",
              ".bank.chain.PlantedChain>"),
          "no floating point in the ledger and in banking values",
          List.of(
              "PlantedLedger.amount>",
              "PlantedLedger.share>",
              "PlantedLedger.boxed>",
              "PlantedLedger.boxedShare>"),
          "time, randomness and waiting come from outside",
          List.of(
              "<java.lang.Thread.sleep(long)>",
              "<java.lang.Thread.sleep(long, int)>",
              "<java.lang.Thread.sleep(java.time.Duration)>",
              "<java.util.concurrent.TimeUnit.sleep(long)>",
              "<java.time.Instant.now()>",
              "<java.lang.System.currentTimeMillis()>",
              "<java.time.LocalDate.now(java.time.ZoneId)>",
              "<java.time.LocalDateTime.now(java.time.ZoneId)>",
              "<java.time.OffsetDateTime.now(java.time.ZoneId)>",
              "<java.time.ZonedDateTime.now(java.time.ZoneId)>",
              "<java.util.Random.<init>()>",
              "<java.util.Random.<init>(long)>",
              "<java.util.SplittableRandom.<init>()>",
              "<java.util.concurrent.ThreadLocalRandom.current()>",
              "<java.lang.Math.random()>"),
          "the gateway can open nothing",
          List.of(
              "<org.interseal.crypto.DecryptionKey>",
              "<org.interseal.crypto.KeyWrap>",
              "<org.interseal.crypto.SecretKey256>"),
          "packages of bank have no cycles",
          List.of(".bank.inbox.PlantedInbox", ".bank.ledger.PlantedLedger"));

  private PlantedViolations() {}

  static List<String> of(String rule) {
    List<String> named = BY_RULE.get(rule);
    if (named != null) {
      return named;
    }
    for (String service : Rules.SERVICES) {
      if (rule.equals(service + " depends on no other service")) {
        return Rules.SERVICES.stream()
            .filter(other -> !other.equals(service))
            .map(other -> "planted." + other + ".")
            .toList();
      }
    }
    for (String module : Rules.MODULES) {
      if (rule.equals("packages of " + module + " have no cycles")) {
        return List.of("." + module + ".there.", "." + module + ".back.");
      }
    }
    return List.of();
  }
}
