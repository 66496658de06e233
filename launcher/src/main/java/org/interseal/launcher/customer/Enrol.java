package org.interseal.launcher.customer;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.Reply;
import org.interseal.protocol.message.ActivationCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Links this device to an account with a code from a branch. */
@Command(
    name = "enrol",
    description = "Links this device to an account with an activation code from a branch.")
public final class Enrol extends CustomerCommand {
  @Option(
      names = "--gateway",
      required = true,
      description = "address of a gateway of the bank; may be repeated")
  List<URI> gateways = new ArrayList<>();

  @Option(
      names = "--code",
      required = true,
      description = "the activation code as the branch printed it")
  String code = "";

  @Option(
      names = "--name",
      defaultValue = "command line",
      description = "what the device is called")
  String name = "command line";

  @Override
  int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception {
    ActivationCode activation = ActivationCode.parse(code);
    BankClient bank = await(BankClient.connect(runtime, gateways, activation.rootFingerprint()));
    Reply<Device> reply = await(Device.activate(bank, memory, activation, name, deadline()));
    if (reply instanceof Reply.Answered<Device>(Device linked)) {
      print("linked " + linked.deviceId() + " to " + activation.account() + " at " + bank.bank());
      linked.close();
    }
    return unsuccessful(reply);
  }
}
