package org.interseal.bank.ledger;

import java.util.List;

/** What the events of devices and activation codes do to the state. */
final class DeviceBookkeeping {
  private DeviceBookkeeping() {}

  static Parts issued(Parts s, LedgerEvent.ActivationCodeIssued e) {
    CustomerAccount account = s.accounts().require(e.account());
    return s.with(
        s.accounts()
            .with(
                account.withActivation(
                    new CustomerAccount.Activation(
                        e.secretHash(), e.expiresAtMillis(), List.of(), false))));
  }

  static Parts tried(Parts s, LedgerEvent.ActivationTried e) {
    CustomerAccount account = s.accounts().require(e.account());
    CustomerAccount.Activation code = account.activation();
    if (code == null || code.exhausted() || code.tried().contains(e.messageId())) {
      throw new IllegalStateException("no such try can count");
    }
    return s.with(s.accounts().with(account.withActivation(code.triedBy(e.messageId()))));
  }

  static Parts linked(Parts s, LedgerEvent.DeviceLinked e, long timeMillis) {
    DeviceView before = s.devices().get(e.deviceId());
    Customer customer = s.accounts().customer(e.customerId());
    if ((before != null && before.linked())
        || e.revision() != (before == null ? 1 : before.revision() + 1)
        || customer.devices().size() >= Customer.MAX_DEVICES
        || !e.keys().deviceId().equals(e.deviceId())) {
      throw new IllegalStateException("device cannot be linked");
    }
    AccountBook book = s.accounts().with(customer.linked(e.deviceId()));
    if (e.approvedBy() == null) {
      CustomerAccount account = book.require(e.account());
      CustomerAccount.Activation code = account.activation();
      if (code == null || code.used() || account.customerId() != e.customerId()) {
        throw new IllegalStateException("no activation code to use");
      }
      book = book.with(account.withActivation(code.asUsed()));
    }
    return s.with(book)
        .with(
            new DeviceView(
                e.deviceId(),
                Bookkeeping.signingKey(e),
                e.keys(),
                e.customerId(),
                e.deviceName(),
                timeMillis,
                true,
                e.revision()));
  }

  static Parts unlinked(Parts s, LedgerEvent.DeviceUnlinked e) {
    DeviceView device = s.devices().get(e.deviceId());
    if (device == null || !device.linked() || e.revision() != device.revision() + 1) {
      throw new IllegalStateException("device is not linked");
    }
    return s.with(
            s.accounts().with(s.accounts().customer(device.customerId()).unlinked(e.deviceId())))
        .with(device.unlinked(e.revision()));
  }
}
