package org.interseal.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.interseal.crypto.Bytes;

/**
 * Which notices were told already, so that a gateway cannot make news of old ones. Immutable and
 * bounded: an id is kept until its letter expires, and whatever expires no later than one that was
 * dropped is old, seen or not.
 *
 * @param oldUntilMillis what expires then or earlier is no news
 * @param seen by rising expiry
 */
public record SeenNotices(long oldUntilMillis, List<Seen> seen) {
  /** How many message ids are remembered. */
  public static final int MAX_SEEN = 1_024;

  /** A notice that was told, and when its letter expires. */
  public record Seen(Bytes messageId, long expiresAtMillis) {}

  public SeenNotices {
    seen = List.copyOf(seen);
    if (seen.size() > MAX_SEEN) {
      throw new IllegalArgumentException("more than " + MAX_SEEN + " notices");
    }
  }

  static SeenNotices none() {
    return new SeenNotices(0, List.of());
  }

  /** What a notice is to this device. */
  enum News {
    NEW,
    /** Told before. */
    REPEATED,
    /**
     * Expired, or not to be told from one that was told long ago; it may still be an answer that is
     * awaited.
     */
    OLD
  }

  News judge(Bytes messageId, long expiresAtMillis, long nowMillis) {
    if (seen.stream().anyMatch(known -> known.messageId().equals(messageId))) {
      return News.REPEATED;
    }
    return expiresAtMillis > nowMillis && expiresAtMillis > oldUntilMillis ? News.NEW : News.OLD;
  }

  SeenNotices with(Bytes messageId, long expiresAtMillis, long nowMillis) {
    List<Seen> all = new ArrayList<>(seen.size() + 1);
    long old = oldUntilMillis;
    for (Seen known : seen) {
      if (known.expiresAtMillis() > nowMillis) {
        all.add(known);
      } else {
        // Remembered as a bound, for a clock that is put back.
        old = Math.max(old, known.expiresAtMillis());
      }
    }
    all.add(new Seen(messageId, expiresAtMillis));
    all.sort(Comparator.comparingLong(Seen::expiresAtMillis));
    while (all.size() > MAX_SEEN) {
      old = Math.max(old, all.removeFirst().expiresAtMillis());
    }
    return new SeenNotices(old, all);
  }
}
