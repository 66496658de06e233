package org.interseal.launcher.customer;

import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.Reply;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks for the balance of an account. */
@Command(name = "balance", description = "Shows the booked and the available balance.")
public final class ShowBalance extends CustomerCommand {
  @Option(
      names = "--account",
      description = "IBAN (default: the account that the device was linked to)")
  @Nullable String account;

  @Override
  int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception {
    Device device = connect(runtime, memory);
    Reply<DeviceNotice.Balance> reply = await(device.balance(account(memory, account), deadline()));
    if (reply instanceof Reply.Answered<DeviceNotice.Balance>(DeviceNotice.Balance balance)) {
      print(
          balance.account()
              + "  booked "
              + balance.booked()
              + "  available "
              + balance.available());
    }
    return unsuccessful(reply);
  }
}
