package org.interseal.launcher.orders;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.interseal.protocol.banking.Money;

/**
 * A CSV file of payment orders: {@code order_id,account_id,bank_to,account_to,amount,k_symbol},
 * lines ending in LF or CRLF, amounts in CZK. The whole file is checked before anything is sent.
 */
final class OrdersFile {
  static final String HEADER = "order_id,account_id,bank_to,account_to,amount,k_symbol";
  static final int MAX_ORDERS = 1_000_000;
  private static final Pattern ORDER_ID = Pattern.compile("[A-Za-z0-9_-]{1,31}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{1,10}");
  private static final Pattern BANK = Pattern.compile("[A-Z]{2}");
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,13}(\\.[0-9]{1,2})?");

  private OrdersFile() {}

  /** What a file holds: its orders, or every line that is wrong with the reason. */
  sealed interface Content {
    record Orders(List<PaymentOrder> orders) implements Content {}

    record Malformed(List<Complaint> complaints) implements Content {}
  }

  /**
   * A line that cannot be an order.
   *
   * @param line number from 1
   */
  record Complaint(int line, String reason) {
    @Override
    public String toString() {
      return "line " + line + ": " + reason;
    }
  }

  /**
   * @param partitions of the ledger of every bank
   */
  static Content read(Path file, int partitions) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (MalformedInputException e) {
      return new Content.Malformed(List.of(new Complaint(1, "the file is not UTF-8")));
    }
    return parse(lines, partitions);
  }

  static Content parse(List<String> lines, int partitions) {
    List<PaymentOrder> orders = new ArrayList<>();
    List<Complaint> complaints = new ArrayList<>();
    if (lines.isEmpty() || !strip(lines.getFirst()).equals(HEADER)) {
      return new Content.Malformed(List.of(new Complaint(1, "the header must be " + HEADER)));
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = strip(lines.get(i));
      if (line.isEmpty() && i == lines.size() - 1) {
        continue;
      }
      parseLine(i + 1, line, partitions, seen, orders, complaints);
    }
    if (orders.size() > MAX_ORDERS) {
      complaints.add(new Complaint(MAX_ORDERS + 2, "more than " + MAX_ORDERS + " orders"));
    }
    if (orders.isEmpty() && complaints.isEmpty()) {
      complaints.add(new Complaint(2, "no orders"));
    }
    return complaints.isEmpty() ? new Content.Orders(orders) : new Content.Malformed(complaints);
  }

  private static void parseLine(
      int number,
      String line,
      int partitions,
      Map<String, Integer> seen,
      List<PaymentOrder> orders,
      List<Complaint> complaints) {
    String[] fields = line.split(",", -1);
    String problem = problem(fields);
    if (problem == null) {
      Integer first = seen.putIfAbsent(fields[0], number);
      if (first != null) {
        problem = "order_id " + fields[0] + " was used in line " + first;
      }
    }
    if (problem != null) {
      complaints.add(new Complaint(number, problem));
      return;
    }
    long minor = new BigDecimal(fields[4]).movePointRight(2).longValueExact();
    orders.add(
        new PaymentOrder(
            number,
            fields[0],
            Long.parseLong(fields[1]),
            fields[2],
            Long.parseLong(fields[3]),
            new Money(minor, PaymentOrder.CURRENCY),
            fields[5].strip(),
            partitions));
  }

  private static @org.jspecify.annotations.Nullable String problem(String[] fields) {
    if (fields.length != 6) {
      return "6 fields are needed, there are " + fields.length;
    }
    if (!ORDER_ID.matcher(fields[0]).matches()) {
      return "order_id needs 1 to 31 letters, digits, - or _";
    }
    if (!ACCOUNT.matcher(fields[1]).matches()) {
      return "account_id needs 1 to 10 digits";
    }
    if (!BANK.matcher(fields[2]).matches()) {
      return "bank_to needs two capital letters";
    }
    if (!ACCOUNT.matcher(fields[3]).matches()) {
      return "account_to needs 1 to 10 digits";
    }
    if (!AMOUNT.matcher(fields[4]).matches()) {
      return "amount needs up to 13 digits and at most two decimal places";
    }
    if (new BigDecimal(fields[4]).signum() == 0) {
      return "amount must be more than zero";
    }
    if (fields[5].strip().length() > 35) {
      return "k_symbol is longer than 35 characters";
    }
    return fields[5].chars().anyMatch(Character::isISOControl)
        ? "k_symbol has control characters"
        : null;
  }

  /** The banks named in the orders, in the order of their codes. */
  static Set<String> bankCodes(List<PaymentOrder> orders) {
    return orders.stream().map(PaymentOrder::bankTo).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String strip(String line) {
    String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
