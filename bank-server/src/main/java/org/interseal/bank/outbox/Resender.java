package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.protocol.message.InterbankMessage.Transfer;

/**
 * Says which unanswered transfers are to be sent again: at first soon, then ever more rarely. For
 * one thread.
 */
final class Resender {
  private record Key(Peer target, long number) {}

  private record Pause(long dueNanos, long pauseNanos) {}

  private final long firstNanos;
  private final long maxNanos;
  private volatile boolean allAtOnce;
  private Map<Key, Pause> pauses = new HashMap<>();

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
    int count = 0;
    boolean hurry = allAtOnce;
    allAtOnce = false;
    for (OutstandingTransfer transfer : unanswered) {
      Key key = new Key(transfer.target(), transfer.transfer().number());
      Pause pause = hurry ? new Pause(nowNanos, firstNanos) : pauses.get(key);
      if (pause == null) {
        pause = new Pause(nowNanos + firstNanos, firstNanos);
      } else if (pause.dueNanos() - nowNanos <= 0 && count < maxTransfers) {
        due.computeIfAbsent(transfer.target(), peer -> new ArrayList<>()).add(transfer.transfer());
        count++;
        long longer = Math.min(maxNanos, pause.pauseNanos() * 2);
        pause = new Pause(nowNanos + longer, longer);
      }
      next.put(key, pause);
    }
    pauses = next;
    return due;
  }
}
