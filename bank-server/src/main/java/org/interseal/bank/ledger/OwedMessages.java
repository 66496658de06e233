package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/** Spells out what a block owes. */
public final class OwedMessages {
  private final BlockBody block;
  private final Function<String, Optional<DeviceView>> devices;

  private OwedMessages(BlockBody block, Function<String, Optional<DeviceView>> devices) {
    this.block = block;
    this.devices = devices;
  }

  /**
   * The messages of one entry, each to one recipient.
   *
   * @param block the entry's block, already valid
   * @param devices {@link LedgerState#device} of the state after the block, or any later one
   * @throws IllegalStateException when the entry points at an event that does not owe it, or at a
   *     device that was never linked: a tampered block
   */
  public static List<OutgoingMessage> resolve(
      BlockBody block, Owed owed, Function<String, Optional<DeviceView>> devices) {
    return new OwedMessages(block, devices).resolve(owed);
  }

  /** Everything that the block owes, in order. */
  public static List<OutgoingMessage> resolveAll(
      BlockBody block, Function<String, Optional<DeviceView>> devices) {
    OwedMessages messages = new OwedMessages(block, devices);
    return block.owed().stream().flatMap(o -> messages.resolve(o).stream()).toList();
  }

  private List<OutgoingMessage> resolve(Owed owed) {
    return switch (owed) {
      case Owed.StatusNotice o -> status(o);
      case Owed.CreditNotice o ->
          each(o.devices(), null, id -> credit(block.events().get(o.event())));
      case Owed.CashNotice o -> each(o.devices(), null, id -> cash(block.events().get(o.event())));
      case Owed.LinkNotice o ->
          each(o.devices(), o.reply(), reply -> linked(block.events().get(o.event()), reply));
      case Owed.UnlinkNotice o ->
          each(o.devices(), o.reply(), reply -> unlinked(block.events().get(o.event()), reply));
      case Owed.DeviceAnswer o ->
          List.of(toDevice(o.deviceId(), o.submission(), null, true, o.notice()));
      case Owed.StrangerAnswer o ->
          List.of(
              new OutgoingMessage.ToDevice(
                  o.deviceId(), o.encryptionKey(), o.submission(), null, true, o.notice()));
      case Owed.StatementAnswer o -> List.of(statement(o));
      case Owed.BranchAnswer o ->
          List.of(new OutgoingMessage.ToBranch(o.branch(), o.submission(), o.notice()));
      case Owed.TransferOut o -> List.of(transfer(block.events().get(o.event())));
      case Owed.ReportOf o -> List.of(report(block.events().get(o.event())));
      case Owed.ReportAgain o ->
          List.of(
              new OutgoingMessage.ReportTo(o.source().bank(), o.source().partition(), o.report()));
      case Owed.DeviceChange o -> List.of(deviceChange(block.events().get(o.event())));
    };
  }

  private List<OutgoingMessage> status(Owed.StatusNotice owed) {
    LedgerEvent event = block.events().get(owed.event());
    return switch (event) {
      case LedgerEvent.PaymentBooked e ->
          statuses(owed, PaymentReference.of(e.payment()), TransactionStatus.ACCC, null);
      case LedgerEvent.PaymentRejected e ->
          statuses(owed, e.payment(), TransactionStatus.RJCT, e.reason());
      case LedgerEvent.TransferSent e ->
          statuses(owed, PaymentReference.of(e.transfer().payment()), TransactionStatus.ACSP, null);
      case LedgerEvent.TransferSettled e ->
          statuses(owed, e.payment(), TransactionStatus.ACCC, null);
      case LedgerEvent.TransferReturned e ->
          statuses(owed, PaymentReference.of(e.payment()), TransactionStatus.RJCT, e.reason());
      default -> throw misplaced();
    };
  }

  private List<OutgoingMessage> statuses(
      Owed.StatusNotice owed,
      PaymentReference payment,
      TransactionStatus status,
      @Nullable ReasonCode reason) {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (String device : owed.devices()) {
      Owed.Reply reply = replyFor(device, owed.reply());
      messages.add(
          toDevice(
              device,
              reply == null ? null : reply.submission(),
              "payment:" + payment.uetr(),
              status.terminal(),
              new DeviceNotice.PaymentStatus(
                  reply == null ? null : reply.messageId(),
                  payment.account(),
                  payment.instructionId(),
                  payment.endToEndId(),
                  payment.uetr(),
                  payment.amount(),
                  status,
                  reason,
                  block.timeMillis())));
    }
    return messages;
  }

  private DeviceNotice credit(LedgerEvent event) {
    Payment payment =
        switch (event) {
          case LedgerEvent.PaymentBooked e -> e.payment();
          case LedgerEvent.TransferCredited e -> e.transfer().payment();
          default -> throw misplaced();
        };
    return new DeviceNotice.CreditReceived(
        payment.creditor().account(), payment, block.timeMillis());
  }

  private DeviceNotice cash(LedgerEvent event) {
    if (!(event instanceof LedgerEvent.CashBooked e)) {
      throw misplaced();
    }
    return new DeviceNotice.CashBooked(
        e.account(), e.amount(), e.credit(), e.branch(), block.timeMillis());
  }

  private static DeviceNotice linked(LedgerEvent event, Owed.@Nullable Reply reply) {
    if (!(event instanceof LedgerEvent.DeviceLinked e)) {
      throw misplaced();
    }
    return new DeviceNotice.DeviceLinked(
        reply == null ? null : reply.messageId(), e.deviceId(), e.deviceName(), e.account());
  }

  private static DeviceNotice unlinked(LedgerEvent event, Owed.@Nullable Reply reply) {
    if (!(event instanceof LedgerEvent.DeviceUnlinked e)) {
      throw misplaced();
    }
    return new DeviceNotice.DeviceUnlinked(reply == null ? null : reply.messageId(), e.deviceId());
  }

  private OutgoingMessage statement(Owed.StatementAnswer o) {
    return new OutgoingMessage.StatementToDevice(
        o.deviceId(),
        encryptionKey(o.deviceId()),
        o.submission(),
        o.messageId(),
        o.account(),
        o.fromDate(),
        o.toDate(),
        o.continuation(),
        o.startHeight());
  }

  private static OutgoingMessage transfer(LedgerEvent event) {
    if (!(event
        instanceof
        LedgerEvent.TransferSent(Peer target, Transfer transfer, var d, var m, var r, var p))) {
      throw misplaced();
    }
    return new OutgoingMessage.TransferTo(target.bank(), target.partition(), transfer);
  }

  private static OutgoingMessage report(LedgerEvent event) {
    return switch (event) {
      case LedgerEvent.TransferCredited e ->
          new OutgoingMessage.ReportTo(
              e.source().bank(),
              e.source().partition(),
              new Report(e.transfer().number(), e.digest(), TransactionStatus.ACCC, null));
      case LedgerEvent.TransferRejected e ->
          new OutgoingMessage.ReportTo(
              e.source().bank(),
              e.source().partition(),
              new Report(e.number(), e.digest(), TransactionStatus.RJCT, e.reason()));
      default -> throw misplaced();
    };
  }

  private static OutgoingMessage deviceChange(LedgerEvent event) {
    return switch (event) {
      case LedgerEvent.DeviceLinked e ->
          new OutgoingMessage.DeviceRecord(e.deviceId(), e.revision(), true, e.keys());
      case LedgerEvent.DeviceUnlinked e ->
          new OutgoingMessage.DeviceRecord(e.deviceId(), e.revision(), false, null);
      default -> throw misplaced();
    };
  }

  private List<OutgoingMessage> each(
      List<String> ids, Owed.@Nullable Reply reply, NoticeOf noticeOf) {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (String id : ids) {
      Owed.Reply own = replyFor(id, reply);
      messages.add(
          toDevice(id, own == null ? null : own.submission(), null, true, noticeOf.notice(own)));
    }
    return messages;
  }

  /** A notice, as a reply or not. */
  private interface NoticeOf {
    DeviceNotice notice(Owed.@Nullable Reply reply);
  }

  private static Owed.@Nullable Reply replyFor(String device, Owed.@Nullable Reply reply) {
    return reply != null && reply.deviceId().equals(device) ? reply : null;
  }

  private OutgoingMessage toDevice(
      String id,
      @Nullable String inReplyTo,
      @Nullable String subject,
      boolean terminal,
      DeviceNotice notice) {
    return new OutgoingMessage.ToDevice(
        id, encryptionKey(id), inReplyTo, subject, terminal, notice);
  }

  private Bytes encryptionKey(String deviceId) {
    return devices
        .apply(deviceId)
        .map(d -> Objects.requireNonNull(d.keys()).encryption())
        .orElseThrow(() -> new IllegalStateException("a notice to a device that was never linked"));
  }

  private static IllegalStateException misplaced() {
    return new IllegalStateException("an owed message points at an event that does not owe it");
  }
}
