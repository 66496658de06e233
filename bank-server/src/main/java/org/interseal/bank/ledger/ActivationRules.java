package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;

/**
 * Linking a customer's first device, for which no other can vouch. Whoever knows an IBAN can send
 * such a message, so that all it can cause is bounded: five counted tries per code, each answered
 * once; nothing after that.
 */
final class ActivationRules {
  /** Bounds of SubjectPublicKeyInfo sizes; the exact form is the opener's business. */
  private static final int MAX_SIGNING_KEY_BYTES = 256;

  private static final int MAX_ENCRYPTION_KEY_BYTES = 1_500;

  private final Parts s;
  private final long timeMillis;

  ActivationRules(Parts s, long timeMillis) {
    this.s = s;
    this.timeMillis = timeMillis;
  }

  Decision activate(
      LedgerInput.FromDevice in, DeviceMessage.ActivateDevice message, boolean expired) {
    DeviceKeys keys = message.keys();
    if (!plausible(keys)
        || !in.deviceId().equals(keys.deviceId())
        || !in.signingKey().equals(KeyId.ofSpki(keys.signing()))) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    // A device that was unlinked keeps its window: an old letter of it is not new again.
    if (s.windowOf(Deciding.author(in)).placeOf(in.number()) != MessageWindow.Place.FRESH) {
      return Verdict.nothing(Outcomes.DUPLICATE);
    }
    CustomerAccount account = s.accounts().find(message.account());
    CustomerAccount.Activation code = account == null ? null : account.activation();
    if (account == null || code == null) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    if (code.tried().contains(in.messageId())) {
      return Verdict.nothing(Outcomes.DUPLICATE);
    }
    if (expired) {
      // Not a try: a replay of old letters must not use up a new code.
      return Verdict.nothing(ReasonCode.DT04.name());
    }
    if (code.exhausted()) {
      return Verdict.nothing(Outcomes.EXHAUSTED);
    }
    Customer customer = s.accounts().customer(account.customerId());
    ReasonCode refusal = refusal(account, code, customer, message);
    return refusal == null ? link(in, message, customer) : fail(in, message, refusal);
  }

  private @Nullable ReasonCode refusal(
      CustomerAccount account,
      CustomerAccount.Activation code,
      Customer customer,
      DeviceMessage.ActivateDevice message) {
    if (account.closed()
        || !code.opensWith(ActivationCode.hash(message.account(), message.secret()), timeMillis)) {
      return ReasonCode.DS0H;
    }
    // Else whoever issues codes could add a device to any customer's without their notice.
    return customer.devices().isEmpty() ? null : ReasonCode.AG01;
  }

  private static Decision fail(
      LedgerInput.FromDevice in, DeviceMessage.ActivateDevice message, ReasonCode reason) {
    Verdict v = new Verdict();
    v.event(new LedgerEvent.ActivationTried(message.account(), in.messageId()));
    v.owe(
        new Owed.StrangerAnswer(
            in.deviceId(),
            message.keys().encryption(),
            in.submission(),
            new DeviceNotice.Refused(
                in.messageId(),
                reason,
                reason == ReasonCode.AG01
                    ? "a linked device has to approve this one, or a branch to unlink what is lost"
                    : "the activation code is wrong, used or expired")));
    return v.as(reason.name());
  }

  private Decision link(
      LedgerInput.FromDevice in, DeviceMessage.ActivateDevice message, Customer customer) {
    Verdict v = new Verdict();
    DeviceView before = s.devices().get(in.deviceId());
    int event =
        v.event(
            new LedgerEvent.DeviceLinked(
                in.deviceId(),
                customer.id(),
                message.keys(),
                message.deviceName(),
                message.account(),
                null,
                before == null ? 1 : before.revision() + 1));
    v.event(new LedgerEvent.MessageTaken(Deciding.author(in), in.number()));
    List<String> devices = new ArrayList<>(customer.devices());
    devices.add(in.deviceId());
    return v.owe(
            new Owed.LinkNotice(
                event, devices, new Owed.Reply(in.deviceId(), in.submission(), in.messageId())))
        .owe(new Owed.DeviceChange(event))
        .as(Outcomes.ACCEPTED);
  }

  static boolean plausible(DeviceKeys keys) {
    return keys.signing().size() <= MAX_SIGNING_KEY_BYTES
        && keys.request().size() <= MAX_SIGNING_KEY_BYTES
        && keys.encryption().size() <= MAX_ENCRYPTION_KEY_BYTES;
  }
}
