package org.interseal.bank.ledger;

/**
 * Names of outcomes for counters, beside the ISO 20022 reason codes of what was refused. Listed in
 * docs/reference/ledger.md.
 */
public final class Outcomes {
  public static final String ACCEPTED = "accepted";

  /** Seen before: nothing happens, and only a transfer is answered again. */
  public static final String DUPLICATE = "duplicate";

  /** The same customer reference with the same content: the first answer again. */
  public static final String FIRST_ANSWER = "first-answer";

  /** So far behind its author's newest message that it may have been consumed: nothing happens. */
  public static final String BELOW_WINDOW = "below-window";

  /** Not from whom it claims, or not allowed any more: nothing happens. */
  public static final String UNAUTHORISED = "unauthorised";

  /** More than five wrong activation codes: nothing happens. */
  public static final String EXHAUSTED = "exhausted";

  /** A transfer whose sender has its answer already: nothing happens. */
  public static final String BELOW_FLOOR = "below-floor";

  /** A transfer further ahead than its sender may be: nothing happens. */
  public static final String BEYOND_WINDOW = "beyond-window";

  /**
   * A transfer beyond what is remembered for its source bank: nothing happens until the source's
   * floors rise.
   */
  public static final String TOO_MANY_ANSWERED = "too-many-answered";

  /** A transfer that counts as arrived and has no payee here: its money waits in suspense. */
  public static final String SUSPENSE = "suspense";

  /** A report on a transfer that was answered or never sent: nothing happens. */
  public static final String LATE_REPORT = "late-report";

  /** Kept as evidence; the first outcome stays. */
  public static final String CONTRADICTION = "contradiction";

  /** About another ledger, or a registry version that is not newer: nothing happens. */
  public static final String IRRELEVANT = "irrelevant";

  /** Could not be opened or proved. */
  public static final String SET_ASIDE = "set-aside";

  private Outcomes() {}
}
