package org.interseal.launcher.orders;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;

/**
 * What the runs on one data directory did, of whatever files: which cash was paid in, which orders
 * were submitted and when, and how they ended. A text file that is only added to; an entry is
 * durable before what it announces is done. A last line that was cut off never happened.
 *
 * <pre>
 * fund IBAN TOTAL_MINOR        so much is to be paid in altogether
 * funded IBAN TOTAL_MINOR      it was
 * order UETR DATE DEBTOR CREDITOR MINOR   the first submission
 * settled UETR
 * rejected UETR
 * </pre>
 */
final class OrdersJournal implements AutoCloseable {
  private final FileChannel file;
  private final Map<Iban, List<Long>> fundings = new HashMap<>();
  private final Map<Iban, Long> funded = new HashMap<>();
  private final Map<UUID, Entry> orders = new HashMap<>();

  /** How an order ended, as far as any run was told. */
  enum Ending {
    UNKNOWN,
    SETTLED,
    REJECTED
  }

  /** An order that was submitted at least once. */
  record Entry(LocalDate firstDate, Iban debtor, Iban creditor, long minor, Ending ending) {
    Entry ended(Ending how) {
      return ending == Ending.UNKNOWN ? new Entry(firstDate, debtor, creditor, minor, how) : this;
    }
  }

  /**
   * Cash to be paid in.
   *
   * @param number of the payments into this account, from 1
   * @param totalMinor what all of them come to
   */
  record Funding(int number, long minor, long totalMinor) {}

  private OrdersJournal(FileChannel file) {
    this.file = file;
  }

  static OrdersJournal open(Path path) throws IOException {
    String text = Files.exists(path) ? Files.readString(path) : "";
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
    file.position(file.size());
    OrdersJournal journal = new OrdersJournal(file);
    try {
      whole.lines().forEach(journal::apply);
    } catch (RuntimeException e) {
      file.close();
      throw new IOException(path + " is not a journal of orders: " + e.getMessage(), e);
    }
    return journal;
  }

  private void apply(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "fund" ->
          fundings
              .computeIfAbsent(new Iban(words[1]), _ -> new ArrayList<>())
              .add(Long.parseLong(words[2]));
      case "funded" -> funded.put(new Iban(words[1]), Long.parseLong(words[2]));
      case "order" ->
          orders.put(
              UUID.fromString(words[1]),
              new Entry(
                  LocalDate.parse(words[2]),
                  new Iban(words[3]),
                  new Iban(words[4]),
                  Long.parseLong(words[5]),
                  Ending.UNKNOWN));
      case "settled" -> end(UUID.fromString(words[1]), Ending.SETTLED);
      case "rejected" -> end(UUID.fromString(words[1]), Ending.REJECTED);
      default -> throw new IllegalArgumentException("what is a line of " + words[0] + "?");
    }
  }

  private void end(UUID uetr, Ending how) {
    if (orders.computeIfPresent(uetr, (_, entry) -> entry.ended(how)) == null) {
      throw new IllegalArgumentException("an order ended that was not submitted");
    }
  }

  private void add(List<String> lines) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    ByteBuffer bytes =
        ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      var _ = file.write(bytes);
    }
    file.force(false);
    lines.forEach(this::apply);
  }

  /**
   * What is to be paid into each account so that it got {@code requiredMinor} altogether: the
   * differences that no run has finished paying, in order. Asked again before they are finished,
   * they are the same.
   */
  synchronized Map<Iban, List<Funding>> fund(Map<Iban, Long> requiredMinor) throws IOException {
    List<String> lines = new ArrayList<>();
    requiredMinor.forEach((account, minor) -> {
      List<Long> totals = fundings.getOrDefault(account, List.of());
      if (minor > (totals.isEmpty() ? 0 : totals.getLast())) {
        lines.add("fund " + account.value() + " " + minor);
      }
    });
    add(lines);
    Map<Iban, List<Funding>> unpaid = new HashMap<>();
    requiredMinor.keySet().forEach(account -> unpaid.put(account, unpaid(account)));
    return unpaid;
  }

  private List<Funding> unpaid(Iban account) {
    List<Funding> unpaid = new ArrayList<>();
    long before = 0;
    int number = 0;
    for (long total : fundings.getOrDefault(account, List.of())) {
      number++;
      if (total > fundedMinor(account)) {
        unpaid.add(new Funding(number, total - before, total));
      }
      before = total;
    }
    return unpaid;
  }

  synchronized void funded(Map<Iban, Long> totals) throws IOException {
    List<String> lines = new ArrayList<>();
    totals.forEach((account, minor) -> lines.add("funded " + account.value() + " " + minor));
    add(lines);
  }

  /** What was paid into an account by all runs. */
  synchronized long fundedMinor(Iban account) {
    return funded.getOrDefault(account, 0L);
  }

  /** Announces orders; those that were announced before keep the date of their first submission. */
  synchronized void submit(Collection<Payment> payments) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Payment payment : payments) {
      if (!orders.containsKey(payment.uetr())) {
        lines.add(
            String.join(
                " ",
                "order",
                payment.uetr().toString(),
                payment.requestedExecutionDate().toString(),
                payment.debtor().account().value(),
                payment.creditor().account().value(),
                Long.toString(payment.amount().amountMinor())));
      }
    }
    add(lines);
  }

  synchronized Optional<LocalDate> firstDate(UUID uetr) {
    return Optional.ofNullable(orders.get(uetr)).map(Entry::firstDate);
  }

  /** Notes how orders ended; the first word stands. */
  synchronized void ended(Map<UUID, Ending> endings) throws IOException {
    List<String> lines = new ArrayList<>();
    endings.forEach((uetr, ending) -> {
      Entry entry = orders.get(uetr);
      if (ending != Ending.UNKNOWN && entry != null && entry.ending() == Ending.UNKNOWN) {
        lines.add((ending == Ending.SETTLED ? "settled " : "rejected ") + uetr);
      }
    });
    add(lines);
  }

  /** Every order that was ever submitted on these data. */
  synchronized Collection<Entry> orders() {
    return List.copyOf(orders.values());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
