package org.interseal.launcher.chaos;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a federation whose processes were killed.
 *
 * @param kills processes that were killed (SIGKILL)
 * @param payments that were instructed
 * @param lost instructions that had no terminal answer at the end, payees who heard nothing of what
 *     they got, and accounts that lack money
 * @param doubled notifications beyond one per payment, and accounts with too much money
 * @param longestGapMillis the longest time in which no payer of one partition of a bank heard that
 *     his payment was posted
 * @param conserved whether no money appeared or vanished
 * @param verified whether the stopped federation was found sound
 * @param pauses processes that were stopped for a while (SIGSTOP, SIGCONT)
 * @param restarts processes that were stopped cleanly and started again
 * @param takeOverMillis from the SIGKILL of a server that wrote to the first payment that was
 *     instructed after it and answered, in each partition that it wrote
 * @param unanswered of {@code lost}, the instructions without a terminal answer
 * @param rejected by reason
 * @param wrong what else is wrong, for people: among others, processes that ended unasked
 */
@JsonPropertyOrder({
  "kills",
  "payments",
  "lost",
  "doubled",
  "longestGapMillis",
  "conserved",
  "verified",
  "seed",
  "pauses",
  "restarts",
  "takeOverMillis",
  "unanswered",
  "rejected",
  "wrong"
})
record ChaosReport(
    int kills,
    int payments,
    int lost,
    int doubled,
    long longestGapMillis,
    boolean conserved,
    boolean verified,
    long seed,
    int pauses,
    int restarts,
    TakeOvers takeOverMillis,
    int unanswered,
    Map<String, Integer> rejected,
    List<String> wrong) {
  ChaosReport {
    rejected = new TreeMap<>(rejected);
    wrong = List.copyOf(wrong);
  }

  /** With what verification found. */
  ChaosReport verified(boolean sound) {
    return new ChaosReport(
        kills,
        payments,
        lost,
        doubled,
        longestGapMillis,
        conserved,
        sound,
        seed,
        pauses,
        restarts,
        takeOverMillis,
        unanswered,
        rejected,
        wrong);
  }

  /**
   * Whether nothing is wrong, and anything was tried.
   *
   * @param killsAsked whether processes were to be killed
   */
  boolean good(boolean killsAsked) {
    int settled = payments - unanswered - rejected.values().stream().mapToInt(n -> n).sum();
    boolean tried = settled > 0 && (kills > 0 || !killsAsked);
    return tried && lost == 0 && doubled == 0 && conserved && verified && wrong.isEmpty();
  }
}
