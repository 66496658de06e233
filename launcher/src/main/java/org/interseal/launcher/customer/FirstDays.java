package org.interseal.launcher.customer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * On which days a device first instructed its payments: a text file, a line of UETR and day for
 * each, durable before the payment is sent. A line that was cut off belongs to none that was sent.
 */
final class FirstDays {
  /** For so many days the bank, which forgets references after 30, surely remembers a payment. */
  static final int REMEMBERED_DAYS = 28;

  private static final Pattern LINE = Pattern.compile("\\S{36} \\d{4}-\\d{2}-\\d{2}");

  private final Path file;

  FirstDays(Path file) {
    this.file = file;
  }

  /**
   * The execution date to instruct a payment with: today, unless it may be forgotten by the bank.
   * Then it is the first day, so that the bank refuses it as late instead of paying again.
   */
  LocalDate executionDate(UUID uetr, LocalDate today) throws IOException {
    Optional<LocalDate> first = find(uetr);
    if (first.isEmpty()) {
      add(uetr, today);
    }
    return first.filter(day -> day.plusDays(REMEMBERED_DAYS).isBefore(today)).orElse(today);
  }

  private Optional<LocalDate> find(UUID uetr) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(uetr + " ") && LINE.matcher(line).matches())
        .map(line -> LocalDate.parse(line.substring(line.indexOf(' ') + 1)))
        .findFirst();
  }

  private void add(UUID uetr, LocalDate day) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer line =
          ByteBuffer.wrap(("\n" + uetr + " " + day + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        var _ = out.write(line);
      }
      out.force(true);
    }
  }
}
