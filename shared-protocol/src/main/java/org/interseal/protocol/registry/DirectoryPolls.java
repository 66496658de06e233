package org.interseal.protocol.registry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.interseal.identity.BankId;
import org.interseal.store.StoreUnavailable;

/**
 * Which streams of {@code bank_keys} a follower reads when. To read every bank's at every poll
 * would cost a federation of n banks n² reads, mostly of nothing new.
 *
 * <ul>
 *   <li>When the feed names a stream, that stream, at once and at the next {@value
 *       #POLLS_AFTER_WAKE} polls: the feed may name a row before a majority of replicas has it.
 *   <li>At every poll, whatever the feed says, the authority's stream, those of banks that matter
 *       most, and a share of the others in turn, so that every stream is read within {@value
 *       #ROUND_POLLS} polls even when the feed has gone mute.
 *   <li>When nobody knows what the feed did not say, everything.
 * </ul>
 *
 * <p>A feed that does not name what polls find is reported as mute.
 *
 * <p>Thread-safe; one reading at a time.
 */
public final class DirectoryPolls {
  /** Within so many polls every stream is read. */
  static final int ROUND_POLLS = 15;

  static final int POLLS_AFTER_WAKE = 2;

  /** So many polls in a row found what no feed had announced: it is taken for mute. */
  static final int MAX_UNANNOUNCED = 3;

  private final BankDirectory directory;
  private final Set<BankId> always;

  /** Banks that the feed named, and how many polls still read them for that. */
  private final Map<BankId, Integer> woken = new HashMap<>();

  /** Banks that were licensed when something was last read. */
  private Set<BankId> licensed = Set.of();

  private boolean everything = true;
  private int turn;

  /** Whether the feed named anything since the last poll. */
  private boolean announced;

  private int unannounced;

  /**
   * Begins with everything.
   *
   * @param always banks whose streams every poll reads: one's own
   */
  public DirectoryPolls(BankDirectory directory, Set<BankId> always) {
    this.directory = directory;
    this.always = Set.copyOf(always);
  }

  /**
   * The feed named this stream. One of nobody who is licensed is not remembered: with a licence it
   * is read for the first time, and at the polls after it.
   */
  public void woken(String stream) {
    Optional<BankId> named = licensed(stream);
    synchronized (this) {
      announced = true;
      named.ifPresent(bank -> woken.put(bank, POLLS_AFTER_WAKE));
    }
  }

  private Optional<BankId> licensed(String stream) {
    try {
      return directory.bank(new BankId(stream)).map(LicensedBank::bank);
    } catch (IllegalArgumentException ofNoBank) {
      return Optional.empty();
    }
  }

  /** A feed began or ended, or somebody misses a record: the next reading is of all streams. */
  public synchronized void unsure() {
    everything = true;
  }

  /**
   * Reads what the feed named.
   *
   * @return whether anything changed
   * @throws StoreUnavailable when the store does not answer; what was to be read is read next time
   */
  public boolean readWoken() throws StoreUnavailable {
    Set<BankId> banks;
    synchronized (this) {
      banks = Set.copyOf(woken.keySet());
    }
    return read(banks);
  }

  /**
   * Reads what is due when time has passed.
   *
   * @return whether anything changed
   * @throws StoreUnavailable when the store does not answer; what was to be read is read next time
   */
  public boolean poll() throws StoreUnavailable {
    Set<BankId> banks;
    boolean expected;
    synchronized (this) {
      // While everything is read nobody knows what the feed did not say.
      expected = announced || everything;
      announced = false;
      banks = new HashSet<>(always);
      banks.addAll(woken.keySet());
      woken.values().removeIf(polls -> polls <= 1);
      woken.replaceAll((bank, polls) -> polls - 1);
      addShare(banks);
    }
    boolean changed = read(banks);
    synchronized (this) {
      if (changed) {
        unannounced = expected || announced ? 0 : unannounced + 1;
      }
    }
    return changed;
  }

  /**
   * Whether polls found again and again what the feed had not announced: it says nothing any more,
   * and its follower takes another one. Asked once, it is forgotten.
   */
  public synchronized boolean feedSeemsMute() {
    boolean mute = unannounced >= MAX_UNANNOUNCED;
    if (mute) {
      unannounced = 0;
    }
    return mute;
  }

  /** The first reading of a bank's stream, too, may come before a majority has what is in it. */
  private synchronized void watchNewcomers() {
    Set<BankId> now = new HashSet<>();
    for (LicensedBank bank : directory.banks()) {
      now.add(bank.bank());
      if (!licensed.contains(bank.bank())) {
        woken.put(bank.bank(), POLLS_AFTER_WAKE);
      }
    }
    licensed = now;
  }

  private void addShare(Set<BankId> banks) {
    List<LicensedBank> all = directory.banks();
    int share = Math.ceilDiv(all.size(), ROUND_POLLS);
    for (int i = 0; i < share; i++) {
      turn = (turn + 1) % all.size();
      banks.add(all.get(turn).bank());
    }
  }

  private boolean read(Set<BankId> banks) throws StoreUnavailable {
    boolean all;
    synchronized (this) {
      all = everything;
      everything = false;
    }
    boolean done = false;
    try {
      boolean changed = all ? directory.refresh() : directory.refresh(banks);
      done = true;
      return changed;
    } finally {
      if (all && !done) {
        unsure();
      }
      watchNewcomers();
    }
  }
}
