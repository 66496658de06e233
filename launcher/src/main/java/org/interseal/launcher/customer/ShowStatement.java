package org.interseal.launcher.customer;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.interseal.client.AccountStatement;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.Reply;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a statement. */
@Command(
    name = "statement",
    description = "Shows the entries of an account, with opening and closing balance.")
public final class ShowStatement extends CustomerCommand {
  private static final int DEFAULT_DAYS = 30;

  @Option(
      names = "--account",
      description = "IBAN (default: the account that the device was linked to)")
  @Nullable String account;

  @Option(names = "--from", description = "first day, YYYY-MM-DD (default: 30 days ago)")
  @Nullable LocalDate from;

  @Option(names = "--to", description = "last day, YYYY-MM-DD (default: today, UTC)")
  @Nullable LocalDate to;

  @Override
  int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception {
    Device device = connect(runtime, memory);
    LocalDate last = to == null ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) : to;
    LocalDate first = from == null ? last.minusDays(DEFAULT_DAYS) : from;
    Reply<AccountStatement> reply =
        await(device.statement(account(memory, account), first, last, deadline()));
    if (reply instanceof Reply.Answered<AccountStatement>(AccountStatement statement)) {
      print(statement.account() + "  " + first + " to " + last);
      print("closing balance " + statement.closing().map(Object::toString).orElse("-"));
      statement.entries().forEach(entry -> print(line(entry)));
      if (statement.earlierClosed()) {
        print("the bank has closed what came before and does not show it any more");
      }
      print("opening balance " + statement.opening().map(Object::toString).orElse("-"));
    }
    return unsuccessful(reply);
  }

  private static String line(DeviceNotice.StatementEntry entry) {
    return String.format(
        java.util.Locale.ROOT,
        "%s  %14s  %-9s  %s %s %s",
        entry.bookingDate(),
        entry.amount(),
        entry.kind(),
        text(entry.counterparty()),
        text(entry.counterpartyAccount()),
        text(entry.remittance() == null ? entry.instructionId() : entry.remittance()));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
