package org.interseal.bank.ledger;

import java.util.List;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.BranchNotice.LinkedDevice;
import org.jspecify.annotations.Nullable;

/** What branches ask for customers, apart from cash. */
final class BranchRules {
  /** How long an activation code may be used. */
  static final long CODE_LIFE_MILLIS = 24L * 60 * 60 * 1000;

  private final Parts s;
  private final long timeMillis;

  BranchRules(Parts s, long timeMillis) {
    this.s = s;
    this.timeMillis = timeMillis;
  }

  Decision decide(LedgerInput.FromBranch in, Verdict v) {
    return switch (in.message()) {
      case BranchMessage.OpenAccount m -> open(in, m, v);
      case BranchMessage.CloseAccount m -> close(in, m, v);
      case BranchMessage.PayCashIn m -> new CashRules(s, timeMillis).payIn(in, m, v);
      case BranchMessage.PayCashOut m -> new CashRules(s, timeMillis).payOut(in, m, v);
      case BranchMessage.IssueActivationCode m -> issueCode(in, m, v);
      case BranchMessage.UnlinkDeviceOfCustomer m -> unlink(in, m, v);
      case BranchMessage.ListDevices m -> listDevices(in, m, v);
    };
  }

  private Decision open(LedgerInput.FromBranch in, BranchMessage.OpenAccount message, Verdict v) {
    if (!s.terms().currencies().contains(message.currency())) {
      return v.refuse(in, ReasonCode.AM03, "accounts in this currency are not offered");
    }
    Long wished = message.requestedNumber();
    long number = wished == null ? s.accounts().nextNumber() : wished;
    if (number < 0 || number > AccountBook.MAX_NUMBER) {
      return v.refuse(in, ReasonCode.AC01, "no such account number");
    }
    if (s.accounts().accounts().containsKey(number)) {
      return v.refuse(in, ReasonCode.AM05, "the account number is taken");
    }
    Iban iban = Iban.of(s.bank(), s.partition(), number);
    v.event(
        new LedgerEvent.AccountOpened(
            in.branch(),
            message.teller(),
            s.accounts().nextCustomer(),
            message.customerName(),
            iban,
            message.currency()));
    return v.answer(in, new BranchNotice.AccountOpened(in.messageId(), iban), Outcomes.ACCEPTED);
  }

  private Decision close(LedgerInput.FromBranch in, BranchMessage.CloseAccount message, Verdict v) {
    CustomerAccount account = s.accounts().find(message.account());
    ReasonCode missing = missing(account);
    if (account == null || missing != null) {
      return v.refuse(in, missing == null ? ReasonCode.AC01 : missing, "no such open account");
    }
    if (account.bookedMinor() != 0 || account.inFlight() != 0) {
      return v.refuse(in, ReasonCode.AG01, "the account has money, or payments in flight");
    }
    v.event(new LedgerEvent.AccountClosed(in.branch(), message.teller(), account.iban()));
    return v.answer(
        in, new BranchNotice.AccountClosed(in.messageId(), account.iban()), Outcomes.ACCEPTED);
  }

  private Decision issueCode(
      LedgerInput.FromBranch in, BranchMessage.IssueActivationCode message, Verdict v) {
    CustomerAccount account = s.accounts().find(message.account());
    ReasonCode missing = missing(account);
    if (account == null || missing != null) {
      return v.refuse(in, missing == null ? ReasonCode.AC01 : missing, "no such open account");
    }
    if (message.secretHash().size() != 32) {
      return v.refuse(in, ReasonCode.FF01, "a code's hash has 32 bytes");
    }
    long expiresAtMillis = timeMillis + CODE_LIFE_MILLIS;
    v.event(
        new LedgerEvent.ActivationCodeIssued(
            in.branch(), message.teller(), account.iban(), message.secretHash(), expiresAtMillis));
    return v.answer(
        in,
        new BranchNotice.ActivationCodeIssued(in.messageId(), account.iban(), expiresAtMillis),
        Outcomes.ACCEPTED);
  }

  private Decision unlink(
      LedgerInput.FromBranch in, BranchMessage.UnlinkDeviceOfCustomer message, Verdict v) {
    CustomerAccount account = s.accounts().find(message.account());
    if (account == null) {
      return v.refuse(in, ReasonCode.AC01, "no such account");
    }
    DeviceView device = s.devices().get(message.deviceId());
    if (device == null || !device.linked() || device.customerId() != account.customerId()) {
      return v.refuse(in, ReasonCode.AG01, "no such device of this customer");
    }
    List<String> devices = s.accounts().customer(account.customerId()).devices();
    int event = DeviceRules.unlinked(v, device, "branch:" + in.branch() + "/" + message.teller());
    return v.owe(new Owed.UnlinkNotice(event, devices, null))
        .owe(new Owed.DeviceChange(event))
        .answer(
            in,
            new BranchNotice.DeviceUnlinked(in.messageId(), device.deviceId()),
            Outcomes.ACCEPTED);
  }

  private Decision listDevices(
      LedgerInput.FromBranch in, BranchMessage.ListDevices message, Verdict v) {
    CustomerAccount account = s.accounts().find(message.account());
    if (account == null) {
      return v.refuse(in, ReasonCode.AC01, "no such account");
    }
    List<LinkedDevice> devices =
        s.accounts().customer(account.customerId()).devices().stream()
            .map(id -> linkedDevice(id))
            .toList();
    return v.answer(
        in, new BranchNotice.Devices(in.messageId(), account.iban(), devices), Outcomes.ACCEPTED);
  }

  private LinkedDevice linkedDevice(String id) {
    DeviceView device = s.devices().get(id);
    if (device == null) {
      throw new IllegalStateException("a customer's device is unknown");
    }
    return new LinkedDevice(id, device.deviceName(), device.linkedAtMillis());
  }

  static @Nullable ReasonCode missing(@Nullable CustomerAccount account) {
    if (account == null) {
      return ReasonCode.AC01;
    }
    return account.closed() ? ReasonCode.AC04 : null;
  }
}
