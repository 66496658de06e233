package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.Transfer;

/**
 * Says which unanswered transfers are to be sent again: at first soon, then ever more rarely. For
 * one thread.
 *
 * <p>One target takes a part of a round only. One that answers nothing for some rounds is asked
 * with its oldest transfers alone, one letter at a time, ever more rarely: what a dead bank costs
 * does not grow with what it owes answers for. When it is back it finds the first copies in the
 * store; its first answer brings it back to the ordinary pace.
 */
final class Resender {
  /** Rounds to a target without any answer from it, until it counts as silent. */
  static final int PATIENCE_ROUNDS = 3;

  /** One target's part of a round, one in so many, but always one letter. */
  private static final int SHARE = 8;

  private record Key(Peer target, long number) {}

  private record Pause(long dueNanos, long pauseNanos) {}

  /** What a target was sent since its last answer. */
  private record Silence(int rounds, long dueNanos, long pauseNanos) {}

  private final long firstNanos;
  private final long maxNanos;
  private volatile boolean allAtOnce;
  private Map<Key, Pause> pauses = new HashMap<>();
  private Map<Peer, Silence> silences = new HashMap<>();

  Resender(long firstMillis, long maxMillis) {
    this.firstNanos = firstMillis * 1_000_000;
    this.maxNanos = maxMillis * 1_000_000;
  }

  /** Every transfer is due at the next look, however lately it was sent. Thread-safe. */
  void allAtOnce() {
    allAtOnce = true;
  }

  /**
   * The transfers to send again now.
   *
   * @param unanswered all of them, per target in order of number; whoever is not among them is
   *     forgotten
   * @param maxTransfers the most to return; the others come next time
   */
  Map<Peer, List<Transfer>> due(
      Iterable<OutstandingTransfer> unanswered, int maxTransfers, long nowNanos) {
    Map<Key, Pause> next = new HashMap<>();
    Map<Peer, List<Transfer>> due = new LinkedHashMap<>();
    forgetSilenceOfWhoAnswered(unanswered);
    int count = 0;
    boolean hurry = allAtOnce;
    allAtOnce = false;
    if (hurry) {
      silences = new HashMap<>();
    }
    for (OutstandingTransfer transfer : unanswered) {
      Peer target = transfer.target();
      Key key = new Key(target, transfer.transfer().number());
      Pause pause = hurry ? new Pause(nowNanos, firstNanos) : pauses.get(key);
      if (pause == null) {
        pause = new Pause(nowNanos + firstNanos, firstNanos);
      } else if (pause.dueNanos() - nowNanos <= 0
          && count < maxTransfers
          && due.getOrDefault(target, List.of()).size() < room(target, maxTransfers, nowNanos)) {
        due.computeIfAbsent(target, peer -> new ArrayList<>()).add(transfer.transfer());
        count++;
        long longer = Math.min(maxNanos, pause.pauseNanos() * 2);
        pause = new Pause(nowNanos + longer, longer);
      }
      next.put(key, pause);
    }
    pauses = next;
    due.keySet().forEach(target -> sent(target, nowNanos));
    return due;
  }

  private void forgetSilenceOfWhoAnswered(Iterable<OutstandingTransfer> unanswered) {
    Map<Peer, Integer> left = new HashMap<>();
    for (OutstandingTransfer transfer : unanswered) {
      if (pauses.containsKey(new Key(transfer.target(), transfer.transfer().number()))) {
        left.merge(transfer.target(), 1, Integer::sum);
      }
    }
    Map<Peer, Integer> before = new HashMap<>();
    pauses.keySet().forEach(key -> before.merge(key.target(), 1, Integer::sum));
    Map<Peer, Silence> still = new HashMap<>();
    silences.forEach((target, silence) -> {
      if (left.getOrDefault(target, 0).equals(before.get(target))) {
        still.put(target, silence);
      }
    });
    silences = still;
  }

  /** How many transfers this target may be sent in this round. */
  private int room(Peer target, int maxTransfers, long nowNanos) {
    Silence silence = silences.get(target);
    if (silence == null || silence.rounds() < PATIENCE_ROUNDS) {
      return Math.max(InterbankMessage.MAX_ITEMS, maxTransfers / SHARE);
    }
    return silence.dueNanos() - nowNanos <= 0 ? InterbankMessage.MAX_ITEMS : 0;
  }

  private void sent(Peer target, long nowNanos) {
    Silence before = silences.getOrDefault(target, new Silence(0, nowNanos, firstNanos));
    int rounds = Math.min(PATIENCE_ROUNDS, before.rounds() + 1);
    boolean silent = before.rounds() == PATIENCE_ROUNDS;
    long pause = silent ? Math.min(maxNanos, before.pauseNanos() * 2) : before.pauseNanos();
    silences.put(target, new Silence(rounds, nowNanos + pause, pause));
  }
}
