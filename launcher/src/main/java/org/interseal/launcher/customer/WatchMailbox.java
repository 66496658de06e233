package org.interseal.launcher.customer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.Watch;
import org.interseal.protocol.message.DeviceNotice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints notices as they come. */
@Command(
    name = "watch",
    description = "Prints what the bank tells this device, as it comes, until interrupted.")
public final class WatchMailbox extends CustomerCommand {
  @Option(
      names = "--seconds",
      defaultValue = "0",
      description = "stop after so many seconds; 0: go on (default)")
  long seconds;

  @Override
  int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception {
    Device device = connect(runtime, memory);
    CountDownLatch end = new CountDownLatch(1);
    device.onNotice(notice -> print(text(notice)));
    Watch watch = device.watch();
    try {
      var _ = end.await(seconds == 0 ? Long.MAX_VALUE : seconds, TimeUnit.SECONDS);
    } finally {
      watch.close();
    }
    return 0;
  }

  private static String text(DeviceNotice notice) {
    return switch (notice) {
      case DeviceNotice.PaymentStatus s ->
          s.status()
              + (s.reason() == null ? "" : " " + s.reason())
              + "  "
              + s.amount()
              + "  "
              + s.instructionId();
      case DeviceNotice.CreditReceived c ->
          "credit  "
              + c.payment().amount()
              + "  from "
              + c.payment().debtor().name()
              + "  "
              + c.payment().endToEndId();
      case DeviceNotice.CashBooked c ->
          (c.credit() ? "cash in  " : "cash out  ") + c.amount() + "  at " + c.branch();
      case DeviceNotice.Balance b -> "balance  " + b.booked();
      case DeviceNotice.Statement s -> "statement of " + s.account();
      case DeviceNotice.DeviceLinked d -> "device linked  " + d.deviceName() + "  " + d.deviceId();
      case DeviceNotice.DeviceUnlinked d -> "device unlinked  " + d.deviceId();
      case DeviceNotice.Refused r -> "refused  " + r.reason() + "  " + r.detail();
    };
  }
}
