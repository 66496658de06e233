package org.interseal.bank.ledger;

import org.interseal.protocol.banking.ReasonCode;

/** The authority's word on transfers that wait for a bank that is gone, on either side. */
final class ResolutionRules {
  private final Parts s;

  ResolutionRules(Parts s) {
    this.s = s;
  }

  Decision published(LedgerInput.ResolutionPublished in) {
    Peer self = new Peer(s.bank(), s.partition());
    Peer source = new Peer(in.source(), in.sourcePartition());
    Peer target = new Peer(in.target(), in.targetPartition());
    if (in.number() < 1 || in.source().equals(in.target())) {
      return Verdict.nothing(Outcomes.IRRELEVANT);
    }
    if (self.equals(source)) {
      return asSource(in, target);
    }
    return self.equals(target) ? asTarget(in, source) : Verdict.nothing(Outcomes.IRRELEVANT);
  }

  private Decision asSource(LedgerInput.ResolutionPublished in, Peer target) {
    Verdict v = new Verdict();
    OutgoingPair pair = s.outgoingTo(target);
    OutstandingTransfer waiting = pair.unanswered().get(in.number());
    String statement = Evidence.of(in.statement());
    if (waiting == null) {
      OutgoingPair.Answered answer = pair.answered().get(in.number());
      boolean agrees =
          answer == null
              || answer.contradicted()
              || (answer.digest().equals(in.transferDigest()) && answer.settled() == in.settled());
      return agrees
          ? v.as(Outcomes.DUPLICATE)
          : contradict(v, target, Contradiction.RESOLVED_OUTGOING, in);
    }
    if (!waiting.digest().equals(in.transferDigest())) {
      return waiting.contradicted()
          ? v.as(Outcomes.CONTRADICTION)
          : contradict(v, target, Contradiction.RESOLVED_OUTGOING, in);
    }
    return in.settled()
        ? ReportRules.settle(s, v, waiting, statement).as(Outcomes.ACCEPTED)
        : ReportRules.giveBack(s, v, waiting, ReasonCode.RR04, statement).as(Outcomes.ACCEPTED);
  }

  private Decision asTarget(LedgerInput.ResolutionPublished in, Peer source) {
    Verdict v = new Verdict();
    IncomingPair pair = s.incomingFrom(source);
    IncomingPair.Received known = pair.received().get(in.number());
    String statement = Evidence.of(in.statement());
    if (known != null) {
      boolean agrees =
          known.contradicted()
              || (known.digest().equals(in.transferDigest())
                  && (known.reason() == null) == in.settled());
      return agrees
          ? v.as(Outcomes.DUPLICATE)
          : contradict(v, source, Contradiction.RESOLVED_INCOMING, in);
    }
    if (pair.awaited().containsKey(in.number())) {
      return v.as(Outcomes.DUPLICATE);
    }
    if (in.number() < pair.floor()) {
      // Forgotten: it may have been consumed, so that a copy must stay dropped.
      return v.as(Outcomes.DUPLICATE);
    }
    if (in.settled()) {
      // The source counts it as answered, so that its floor may pass it before the transfer comes.
      v.event(new LedgerEvent.TransferAwaited(source, in.number(), in.transferDigest(), statement));
      return v.as(Outcomes.ACCEPTED);
    }
    v.event(new LedgerEvent.TransferBarred(source, in.number(), in.transferDigest(), statement));
    return v.as(Outcomes.ACCEPTED);
  }

  private static Decision contradict(
      Verdict v, Peer peer, Contradiction kind, LedgerInput.ResolutionPublished in) {
    v.event(
        new LedgerEvent.ContradictionKept(
            peer, kind.code(), in.number(), Evidence.of(in.statement())));
    return v.as(Outcomes.CONTRADICTION);
  }
}
