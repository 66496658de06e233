package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceNotice;

/** A decision while it is being made. */
final class Verdict {
  private final List<LedgerEvent> events = new ArrayList<>();
  private final List<Owed> owed = new ArrayList<>();

  /** A decision that changes nothing and owes nothing. */
  static Decision nothing(String outcome) {
    return new Decision(List.of(), List.of(), outcome);
  }

  /** Adds an event and returns its index in this decision. */
  int event(LedgerEvent event) {
    events.add(event);
    return events.size() - 1;
  }

  int lastEvent() {
    return events.size() - 1;
  }

  /** Adds a message; a notice to nobody is left out. */
  Verdict owe(Owed message) {
    boolean nobody =
        switch (message) {
          case Owed.StatusNotice n -> n.devices().isEmpty();
          case Owed.CreditNotice n -> n.devices().isEmpty();
          case Owed.CashNotice n -> n.devices().isEmpty();
          case Owed.LinkNotice n -> n.devices().isEmpty();
          case Owed.UnlinkNotice n -> n.devices().isEmpty();
          case Owed.DeviceAnswer n -> false;
          case Owed.StrangerAnswer n -> false;
          case Owed.StatementAnswer n -> false;
          case Owed.BranchAnswer n -> false;
          case Owed.TransferOut n -> false;
          case Owed.ReportOf n -> false;
          case Owed.ReportAgain n -> false;
          case Owed.DeviceChange n -> false;
        };
    if (!nobody) {
      owed.add(message);
    }
    return this;
  }

  Decision as(String outcome) {
    return new Decision(events, owed, outcome);
  }

  Decision answer(LedgerInput.FromDevice in, DeviceNotice notice, String outcome) {
    return owe(new Owed.DeviceAnswer(in.deviceId(), in.submission(), notice)).as(outcome);
  }

  Decision refuse(LedgerInput.FromDevice in, ReasonCode reason, String detail) {
    return answer(in, new DeviceNotice.Refused(in.messageId(), reason, detail), reason.name());
  }

  Decision answer(LedgerInput.FromBranch in, BranchNotice notice, String outcome) {
    return owe(new Owed.BranchAnswer(in.branch(), in.submission(), notice)).as(outcome);
  }

  Decision refuse(LedgerInput.FromBranch in, ReasonCode reason, String detail) {
    return answer(in, new BranchNotice.Refused(in.messageId(), reason, detail), reason.name());
  }
}
