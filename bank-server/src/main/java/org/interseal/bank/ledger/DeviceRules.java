package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;

/** What linked devices ask about devices of the same customer. */
final class DeviceRules {
  private final Parts s;

  DeviceRules(Parts s) {
    this.s = s;
  }

  /** A device that is linked to that customer already gets the same answer without a code. */
  Decision activateAgain(
      LedgerInput.FromDevice in,
      DeviceView device,
      DeviceMessage.ActivateDevice message,
      Verdict v) {
    CustomerAccount account = s.accounts().find(message.account());
    if (account == null
        || account.customerId() != device.customerId()
        || !message.keys().equals(device.keys())) {
      return v.refuse(in, ReasonCode.AG01, "the device is linked already");
    }
    return v.answer(
        in,
        new DeviceNotice.DeviceLinked(
            in.messageId(), device.deviceId(), device.deviceName(), message.account()),
        Outcomes.FIRST_ANSWER);
  }

  Decision approve(
      LedgerInput.FromDevice in,
      DeviceView approver,
      DeviceMessage.ApproveDevice message,
      Verdict v) {
    if (!ActivationRules.plausible(message.keys())) {
      return v.refuse(in, ReasonCode.FF01, "the keys are not usable");
    }
    String id = message.keys().deviceId();
    Customer customer = s.accounts().customer(approver.customerId());
    Iban account = s.accounts().require(customer.accounts().getFirst()).iban();
    DeviceView before = s.devices().get(id);
    if (before != null && before.linked()) {
      return before.customerId() == customer.id() && before.keys().equals(message.keys())
          ? v.answer(
              in,
              new DeviceNotice.DeviceLinked(in.messageId(), id, before.deviceName(), account),
              Outcomes.FIRST_ANSWER)
          : v.refuse(in, ReasonCode.AG01, "the device cannot be linked");
    }
    if (customer.devices().size() >= Customer.MAX_DEVICES) {
      return v.refuse(
          in, ReasonCode.MS03, "the customer has " + Customer.MAX_DEVICES + " devices already");
    }
    int event =
        v.event(
            new LedgerEvent.DeviceLinked(
                id,
                customer.id(),
                message.keys(),
                message.deviceName(),
                account,
                approver.deviceId(),
                before == null ? 1 : before.revision() + 1));
    List<String> devices = new ArrayList<>(customer.devices());
    devices.add(id);
    return v.owe(new Owed.LinkNotice(event, devices, reply(in)))
        .owe(new Owed.DeviceChange(event))
        .as(Outcomes.ACCEPTED);
  }

  Decision unlink(
      LedgerInput.FromDevice in, DeviceView asking, DeviceMessage.UnlinkDevice message, Verdict v) {
    DeviceView device = s.devices().get(message.deviceId());
    if (device == null || !device.linked() || device.customerId() != asking.customerId()) {
      return v.refuse(in, ReasonCode.AG01, "no such device of this customer");
    }
    List<String> devices = s.accounts().customer(asking.customerId()).devices();
    return v.owe(
            new Owed.UnlinkNotice(unlinked(v, device, Deciding.author(in)), devices, reply(in)))
        .owe(new Owed.DeviceChange(v.lastEvent()))
        .as(Outcomes.ACCEPTED);
  }

  static int unlinked(Verdict v, DeviceView device, String by) {
    return v.event(new LedgerEvent.DeviceUnlinked(device.deviceId(), by, device.revision() + 1));
  }

  static Owed.Reply reply(LedgerInput.FromDevice in) {
    return new Owed.Reply(in.deviceId(), in.submission(), in.messageId());
  }
}
