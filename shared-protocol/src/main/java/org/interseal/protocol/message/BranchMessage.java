package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Texts;
import org.jspecify.annotations.Nullable;

/** What a branch asks of its bank for a customer. Each names the teller who did it. */
public sealed interface BranchMessage {
  /** The teller's staff id, 1 to 32 characters, recorded in the block. */
  String teller();

  /**
   * Opens a current account for a new customer.
   *
   * @param customerName 1 to 70 characters
   * @param requestedNumber a wished account number (0 to 9,999,999,999), or none for the next free
   *     one
   */
  record OpenAccount(
      String teller, String customerName, CurrencyCode currency, @Nullable Long requestedNumber)
      implements BranchMessage {
    public OpenAccount {
      Texts.require("teller", teller, 1, 32);
      Texts.require("customerName", customerName, 1, 70);
    }
  }

  /** Closes an account whose balance is zero and that has nothing in flight. */
  record CloseAccount(String teller, Iban account) implements BranchMessage {
    public CloseAccount {
      Texts.require("teller", teller, 1, 32);
    }
  }

  /**
   * Cash from a customer. {@code reference} is the branch's own, 1 to 35 characters, once per
   * branch.
   */
  record PayCashIn(String teller, Iban account, Money amount, String reference)
      implements BranchMessage {
    public PayCashIn {
      Texts.require("teller", teller, 1, 32);
      Texts.require("reference", reference, 1, 35);
    }
  }

  /** Cash to a customer. */
  record PayCashOut(String teller, Iban account, Money amount, String reference)
      implements BranchMessage {
    public PayCashOut {
      Texts.require("teller", teller, 1, 32);
      Texts.require("reference", reference, 1, 35);
    }
  }

  /**
   * Makes an activation code known; the code itself never leaves the branch and the customer.
   *
   * @param secretHash see {@link ActivationCode#hash}
   */
  record IssueActivationCode(String teller, Iban account, Bytes secretHash)
      implements BranchMessage {
    public IssueActivationCode {
      Texts.require("teller", teller, 1, 32);
    }
  }

  /** Unlinks a device at the customer's request. */
  record UnlinkDeviceOfCustomer(String teller, Iban account, String deviceId)
      implements BranchMessage {
    public UnlinkDeviceOfCustomer {
      Texts.require("teller", teller, 1, 32);
    }
  }

  /** Lists the devices that are linked to the account's customer. */
  record ListDevices(String teller, Iban account) implements BranchMessage {
    public ListDevices {
      Texts.require("teller", teller, 1, 32);
    }
  }
}
