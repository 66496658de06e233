package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.LocalDate;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.jspecify.annotations.Nullable;

/**
 * A message that a block owes, as briefly as it can be said: mostly by pointing at an event of the
 * same block. {@link OwedMessages#resolve} spells it out. It is sent only after the block is
 * acknowledged, and again after a crash.
 *
 * <p>{@code event} is the event's index in the block; in a {@link Decision}, in that decision.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Owed.StatusNotice.class, name = "status"),
  @JsonSubTypes.Type(value = Owed.CreditNotice.class, name = "credit"),
  @JsonSubTypes.Type(value = Owed.CashNotice.class, name = "cash"),
  @JsonSubTypes.Type(value = Owed.LinkNotice.class, name = "link"),
  @JsonSubTypes.Type(value = Owed.UnlinkNotice.class, name = "unlink"),
  @JsonSubTypes.Type(value = Owed.DeviceAnswer.class, name = "answer"),
  @JsonSubTypes.Type(value = Owed.StrangerAnswer.class, name = "stranger"),
  @JsonSubTypes.Type(value = Owed.StatementAnswer.class, name = "statement"),
  @JsonSubTypes.Type(value = Owed.BranchAnswer.class, name = "branch"),
  @JsonSubTypes.Type(value = Owed.TransferOut.class, name = "transfer"),
  @JsonSubTypes.Type(value = Owed.ReportOf.class, name = "report"),
  @JsonSubTypes.Type(value = Owed.ReportAgain.class, name = "report-again"),
  @JsonSubTypes.Type(value = Owed.DeviceChange.class, name = "device"),
})
public sealed interface Owed {
  /** The same, with event indices counted from the block's first event. */
  default Owed shiftedBy(int events) {
    return this;
  }

  /**
   * The letter that a notice answers.
   *
   * @param submission the submission id of its envelope
   * @param messageId the letter's
   */
  record Reply(String deviceId, String submission, Bytes messageId) {}

  /** The state of a payment, from the event that changed it, to the payer's devices. */
  record StatusNotice(int event, List<String> devices, @Nullable Reply reply) implements Owed {
    public StatusNotice {
      devices = List.copyOf(devices);
    }

    @Override
    public Owed shiftedBy(int events) {
      return new StatusNotice(event + events, devices, reply);
    }
  }

  /** Money arrived: from a payment or transfer event, to the payee's devices. */
  record CreditNotice(int event, List<String> devices) implements Owed {
    public CreditNotice {
      devices = List.copyOf(devices);
    }

    @Override
    public Owed shiftedBy(int events) {
      return new CreditNotice(event + events, devices);
    }
  }

  /** Cash was booked. */
  record CashNotice(int event, List<String> devices) implements Owed {
    public CashNotice {
      devices = List.copyOf(devices);
    }

    @Override
    public Owed shiftedBy(int events) {
      return new CashNotice(event + events, devices);
    }
  }

  /** A device was linked. */
  record LinkNotice(int event, List<String> devices, @Nullable Reply reply) implements Owed {
    public LinkNotice {
      devices = List.copyOf(devices);
    }

    @Override
    public Owed shiftedBy(int events) {
      return new LinkNotice(event + events, devices, reply);
    }
  }

  /** A device was unlinked. */
  record UnlinkNotice(int event, List<String> devices, @Nullable Reply reply) implements Owed {
    public UnlinkNotice {
      devices = List.copyOf(devices);
    }

    @Override
    public Owed shiftedBy(int events) {
      return new UnlinkNotice(event + events, devices, reply);
    }
  }

  /** An answer to one device that no event tells. */
  record DeviceAnswer(String deviceId, String submission, DeviceNotice notice) implements Owed {}

  /** An answer to a device that is not linked, sealed to the key that its letter named. */
  record StrangerAnswer(
      String deviceId, Bytes encryptionKey, String submission, DeviceNotice notice)
      implements Owed {}

  /**
   * A statement page, which the outbox works out from the chain.
   *
   * @param startHeight the newest block that touched the account, 0 for none
   */
  record StatementAnswer(
      String deviceId,
      String submission,
      Bytes messageId,
      Iban account,
      LocalDate fromDate,
      LocalDate toDate,
      @Nullable String continuation,
      long startHeight)
      implements Owed {}

  /** An answer to a branch. */
  record BranchAnswer(String branch, String submission, BranchNotice notice) implements Owed {}

  /** The transfer of a {@link LedgerEvent.TransferSent}; kept in the state until answered. */
  record TransferOut(int event) implements Owed {
    @Override
    public Owed shiftedBy(int events) {
      return new TransferOut(event + events);
    }
  }

  /** The report that follows from a credited or rejected transfer. */
  record ReportOf(int event) implements Owed {
    @Override
    public Owed shiftedBy(int events) {
      return new ReportOf(event + events);
    }
  }

  /** A report that was owed before and is asked for again. */
  record ReportAgain(Peer source, Report report) implements Owed {}

  /** What gateways must know of a device after the event. */
  record DeviceChange(int event) implements Owed {
    @Override
    public Owed shiftedBy(int events) {
      return new DeviceChange(event + events);
    }
  }
}
