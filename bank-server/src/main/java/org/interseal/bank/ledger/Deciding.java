package org.interseal.bank.ledger;

import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceMessage;

/** Leads each input to the rules that decide it, after what all letters have in common. */
final class Deciding {
  /** Most that a device's message may live. */
  static final long DEVICE_LIFE_MILLIS = 24L * 60 * 60 * 1000;

  /** Most that a branch's message may live: a branch may be offline. */
  static final long BRANCH_LIFE_MILLIS = 7 * DEVICE_LIFE_MILLIS;

  /** How far an author's clock may be ahead of ledger time. */
  static final long CLOCK_TOLERANCE_MILLIS = 10L * 60 * 1000;

  private static final int MAX_REASON_LENGTH = 200;
  private static final String EXPIRED = "the message has expired or lives too long";

  private final Parts s;
  private final long timeMillis;
  private final BlockSlot place;

  Deciding(Parts s, long timeMillis, BlockSlot place) {
    this.s = s;
    this.timeMillis = timeMillis;
    this.place = place;
  }

  Decision decide(LedgerInput input) {
    return switch (input) {
      case LedgerInput.FromDevice in -> fromDevice(in);
      case LedgerInput.FromBranch in -> fromBranch(in);
      case LedgerInput.TransferReceived in -> new TransferRules(s).received(in);
      case LedgerInput.ReportReceived in -> new ReportRules(s).received(in);
      case LedgerInput.SiblingTransfer in -> new SiblingRules(s).transfer(in);
      case LedgerInput.SiblingAnswer in -> new SiblingRules(s).answer(in);
      case LedgerInput.SiblingPassed in -> new SiblingRules(s).passed(in);
      case LedgerInput.ResolutionPublished in -> new ResolutionRules(s).published(in);
      case LedgerInput.RegistryObserved in -> registryObserved(in);
      case LedgerInput.ServerRevoked in -> serverRevoked(in);
      case LedgerInput.TermsSet in -> {
        Verdict v = new Verdict();
        v.event(new LedgerEvent.TermsChanged(in.terms()));
        yield v.as(Outcomes.ACCEPTED);
      }
      case LedgerInput.Unusable in -> {
        Verdict v = new Verdict();
        v.event(new LedgerEvent.InputSetAside(in.reference(), cut(in.reason(), MAX_REASON_LENGTH)));
        yield v.as(Outcomes.SET_ASIDE);
      }
    };
  }

  private Decision serverRevoked(LedgerInput.ServerRevoked in) {
    if (s.registry().isEvicted(in.key())) {
      return Verdict.nothing(Outcomes.DUPLICATE);
    }
    Verdict v = new Verdict();
    v.event(new LedgerEvent.ServerEvicted(in.node(), in.key(), in.revocation(), in.certificate()));
    return v.as(Outcomes.ACCEPTED);
  }

  private Decision registryObserved(LedgerInput.RegistryObserved in) {
    // Time alone changes who is usable: a licence begins or ends between two versions.
    boolean older = in.version() < s.registry().version();
    boolean same =
        in.version() == s.registry().version() && in.usable().equals(s.registry().usable());
    if (older || same) {
      return Verdict.nothing(Outcomes.IRRELEVANT);
    }
    Verdict v = new Verdict();
    v.event(new LedgerEvent.RegistryNoted(in.version(), in.usable()));
    return v.as(Outcomes.ACCEPTED);
  }

  private Decision fromDevice(LedgerInput.FromDevice in) {
    if (in.number() < 1) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    DeviceView device = s.devices().get(in.deviceId());
    boolean expired = expired(in.createdAtMillis(), in.expiresAtMillis(), DEVICE_LIFE_MILLIS);
    if (device == null || !device.linked()) {
      return in.message() instanceof DeviceMessage.ActivateDevice message
          ? new ActivationRules(s, timeMillis).activate(in, message, expired)
          : Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    if (!device.signingKey().equals(in.signingKey())) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    String author = author(in);
    MessageWindow.Place number = s.windowOf(author).placeOf(in.number());
    if (number != MessageWindow.Place.FRESH) {
      return seen(number);
    }
    Verdict v = new Verdict();
    v.event(new LedgerEvent.MessageTaken(author, in.number()));
    if (expired) {
      return v.refuse(in, ReasonCode.DT04, EXPIRED);
    }
    return switch (in.message()) {
      case DeviceMessage.InstructPayment m ->
          new PaymentRules(s, timeMillis, place).instruct(in, device, m, v);
      case DeviceMessage.ActivateDevice m -> new DeviceRules(s).activateAgain(in, device, m, v);
      case DeviceMessage.ApproveDevice m -> new DeviceRules(s).approve(in, device, m, v);
      case DeviceMessage.UnlinkDevice m -> new DeviceRules(s).unlink(in, device, m, v);
      case DeviceMessage.QueryBalance m -> new QueryRules(s, timeMillis).balance(in, device, m, v);
      case DeviceMessage.QueryPayment m -> new QueryRules(s, timeMillis).payment(in, device, m, v);
      case DeviceMessage.QueryStatement m ->
          new QueryRules(s, timeMillis).statement(in, device, m, v);
    };
  }

  private Decision fromBranch(LedgerInput.FromBranch in) {
    if (in.number() < 1) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    String author = "branch:" + in.branch();
    MessageWindow.Place number = s.windowOf(author).placeOf(in.number());
    if (number != MessageWindow.Place.FRESH) {
      return seen(number);
    }
    Verdict v = new Verdict();
    v.event(new LedgerEvent.MessageTaken(author, in.number()));
    if (expired(in.createdAtMillis(), in.expiresAtMillis(), BRANCH_LIFE_MILLIS)) {
      return v.refuse(in, ReasonCode.DT04, EXPIRED);
    }
    return new BranchRules(s, timeMillis).decide(in, v);
  }

  /**
   * A number that may have been consumed has no effect and no answer: it cannot be told whether it
   * was answered before, and a replay must never provoke a second, different answer.
   */
  private static Decision seen(MessageWindow.Place place) {
    return Verdict.nothing(
        place == MessageWindow.Place.SEEN ? Outcomes.DUPLICATE : Outcomes.BELOW_WINDOW);
  }

  private boolean expired(long createdAtMillis, long expiresAtMillis, long lifeMillis) {
    return createdAtMillis < 0
        || expiresAtMillis <= createdAtMillis
        || expiresAtMillis <= timeMillis
        || expiresAtMillis - createdAtMillis > lifeMillis
        || expiresAtMillis - lifeMillis > timeMillis + CLOCK_TOLERANCE_MILLIS;
  }

  static String author(LedgerInput.FromDevice in) {
    return "device:" + in.deviceId();
  }

  /** At most so many characters, and never half a surrogate pair, which has no UTF-8 spelling. */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length);
  }
}
