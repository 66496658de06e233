package org.interseal.protocol.message;

import java.time.LocalDate;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.Texts;
import org.jspecify.annotations.Nullable;

/** What a device asks of its bank. Each kind is a message type of its own in the letter. */
public sealed interface DeviceMessage {
  /**
   * Links a new device. Signed with the key inside; believed only with the account's activation
   * code.
   *
   * @param account the account that the code was issued for
   * @param secret the 10 random bytes of the code
   * @param keys the new device's keys, whose device id is the letter's author
   * @param deviceName shown to the customer, 1 to 40 characters
   */
  record ActivateDevice(Iban account, Bytes secret, DeviceKeys keys, String deviceName)
      implements DeviceMessage {
    public ActivateDevice {
      Texts.require("deviceName", deviceName, 1, 40);
      if (secret.size() != ActivationCode.SECRET_BYTES) {
        throw new IllegalArgumentException(
            "secret needs " + ActivationCode.SECRET_BYTES + " bytes");
      }
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "ActivateDevice[" + keys.deviceId() + "]";
    }
  }

  /** A linked device approves another device of the same customer. */
  record ApproveDevice(DeviceKeys keys, String deviceName) implements DeviceMessage {
    public ApproveDevice {
      Texts.require("deviceName", deviceName, 1, 40);
    }
  }

  /** A linked device unlinks a device of the same customer, itself included. */
  record UnlinkDevice(String deviceId) implements DeviceMessage {}

  /** A payment instruction (pain.001). */
  record InstructPayment(Payment payment) implements DeviceMessage {}

  /** Asks for booked and available balance (camt.060). */
  record QueryBalance(Iban account) implements DeviceMessage {}

  /**
   * Asks for a statement (camt.060 for camt.053), in pages from the newest entry back.
   *
   * @param fromDate first business date, included
   * @param toDate last business date, included
   * @param continuation from the previous page, or none for the first
   */
  record QueryStatement(
      Iban account, LocalDate fromDate, LocalDate toDate, @Nullable String continuation)
      implements DeviceMessage {
    public QueryStatement {
      Texts.requireOptional("continuation", continuation, 64);
    }
  }

  /** Asks for the state of an earlier payment, by the customer's own reference (pacs.028). */
  record QueryPayment(Iban account, String instructionId) implements DeviceMessage {
    public QueryPayment {
      Texts.require("instructionId", instructionId, 1, 35);
    }
  }
}
