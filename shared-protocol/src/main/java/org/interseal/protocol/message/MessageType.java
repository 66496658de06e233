package org.interseal.protocol.message;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The message types of letters. The version is part of the name.
 *
 * @param name the letter's type
 * @param body the record that the body is decoded as
 */
public record MessageType<T>(String name, Class<T> body) {
  private static final Map<String, MessageType<?>> BY_NAME =
      Stream.of(
              of("device.activate.v1", DeviceMessage.ActivateDevice.class),
              of("device.approve.v1", DeviceMessage.ApproveDevice.class),
              of("device.unlink.v1", DeviceMessage.UnlinkDevice.class),
              of("payment.instruct.v1", DeviceMessage.InstructPayment.class),
              of("payment.query.v1", DeviceMessage.QueryPayment.class),
              of("balance.query.v1", DeviceMessage.QueryBalance.class),
              of("statement.query.v1", DeviceMessage.QueryStatement.class),
              of("payment.status.v1", DeviceNotice.PaymentStatus.class),
              of("credit.received.v1", DeviceNotice.CreditReceived.class),
              of("cash.booked.v1", DeviceNotice.CashBooked.class),
              of("balance.v1", DeviceNotice.Balance.class),
              of("statement.v1", DeviceNotice.Statement.class),
              of("device.linked.v1", DeviceNotice.DeviceLinked.class),
              of("device.unlinked.v1", DeviceNotice.DeviceUnlinked.class),
              of("request.refused.v1", DeviceNotice.Refused.class),
              of("branch.account-open.v1", BranchMessage.OpenAccount.class),
              of("branch.account-close.v1", BranchMessage.CloseAccount.class),
              of("branch.cash-in.v1", BranchMessage.PayCashIn.class),
              of("branch.cash-out.v1", BranchMessage.PayCashOut.class),
              of("branch.activation-code.v1", BranchMessage.IssueActivationCode.class),
              of("branch.device-unlink.v1", BranchMessage.UnlinkDeviceOfCustomer.class),
              of("branch.devices.v1", BranchMessage.ListDevices.class),
              of("branch.account-opened.v1", BranchNotice.AccountOpened.class),
              of("branch.account-closed.v1", BranchNotice.AccountClosed.class),
              of("branch.cash-booked.v1", BranchNotice.CashBooked.class),
              of("branch.activation-code-issued.v1", BranchNotice.ActivationCodeIssued.class),
              of("branch.device-unlinked.v1", BranchNotice.DeviceUnlinked.class),
              of("branch.device-list.v1", BranchNotice.Devices.class),
              of("branch.refused.v1", BranchNotice.Refused.class),
              of("interbank.transfers.v1", InterbankMessage.TransferBatch.class),
              of("interbank.reports.v1", InterbankMessage.ReportBatch.class))
          .collect(Collectors.toUnmodifiableMap(MessageType::name, Function.identity()));

  private static final Map<Class<?>, MessageType<?>> BY_CLASS =
      BY_NAME.values().stream()
          .collect(Collectors.toUnmodifiableMap(MessageType::body, Function.identity()));

  private static <T> MessageType<T> of(String name, Class<T> body) {
    return new MessageType<>(name, body);
  }

  /** Empty for a name that this version does not know. */
  public static Optional<MessageType<?>> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The name for a message; a class that is no message is a bug. */
  public static String nameOf(Object message) {
    MessageType<?> type = BY_CLASS.get(message.getClass());
    if (type == null) {
      throw new IllegalArgumentException("not a message: " + message.getClass());
    }
    return type.name();
  }
}
