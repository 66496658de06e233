package org.interseal.protocol.message;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;

/** A bank's answer to a branch. {@code inReplyTo} is the message id of the branch's letter. */
public sealed interface BranchNotice {
  Bytes inReplyTo();

  record AccountOpened(Bytes inReplyTo, Iban account) implements BranchNotice {}

  record AccountClosed(Bytes inReplyTo, Iban account) implements BranchNotice {}

  /** {@code branchCash} is the branch's cash after the booking. */
  record CashBooked(Bytes inReplyTo, Iban account, Money amount, String reference, Money branchCash)
      implements BranchNotice {}

  /** The code may be used until then. */
  record ActivationCodeIssued(Bytes inReplyTo, Iban account, long expiresAtMillis)
      implements BranchNotice {}

  record DeviceUnlinked(Bytes inReplyTo, String deviceId) implements BranchNotice {}

  record Devices(Bytes inReplyTo, Iban account, List<LinkedDevice> devices)
      implements BranchNotice {
    public Devices {
      devices = List.copyOf(devices);
    }
  }

  record Refused(Bytes inReplyTo, ReasonCode reason, String detail) implements BranchNotice {}

  /** A linked device. */
  record LinkedDevice(String deviceId, String deviceName, long linkedAtMillis) {}
}
