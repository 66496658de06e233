package org.interseal.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.interseal.service.ProblemException;

/**
 * How many bytes of envelopes this gateway holds at once, on the way in and out. Whoever asks for
 * more than its share is refused before the bytes are read.
 *
 * <p>A device may hold a 32nd part of everything, and never more than a quarter of what is free:
 * the more is taken, the less each gets, and something is left for one that holds nothing. All
 * devices that are not linked are one owner, with an eighth: made-up keys buy nothing. Thread-safe.
 */
final class EnvelopeMemory {
  private static final int SHARE_OF_FREE = 4;
  private static final int SHARE_OF_DEVICE = 32;
  private static final int SHARE_OF_STRANGERS = 8;
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** No device has this id. */
  private static final String STRANGERS = "";

  private final long totalBytes;
  private final GatewayMeters meters;
  private final Map<String, Long> held = new HashMap<>();
  private long heldBytes;

  EnvelopeMemory(long totalBytes, GatewayMeters meters) {
    this.totalBytes = totalBytes;
    this.meters = meters;
  }

  /** Bytes held now. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Begins with nothing; must be closed. */
  Lease lease(String deviceId, boolean linked) {
    return new Lease(linked ? deviceId : STRANGERS);
  }

  /** What one request holds. For one thread; closing is idempotent. */
  final class Lease implements AutoCloseable {
    private final String owner;
    private long bytes;

    private Lease(String owner) {
      this.owner = owner;
    }

    /** Takes so many bytes more, or refuses the request. */
    void grow(long more) {
      synchronized (EnvelopeMemory.this) {
        long ofOwner = held.getOrDefault(owner, 0L) + more;
        long share = totalBytes / (owner.equals(STRANGERS) ? SHARE_OF_STRANGERS : SHARE_OF_DEVICE);
        if (ofOwner > Math.min(share, (totalBytes - heldBytes - more) / SHARE_OF_FREE)) {
          throw refusal();
        }
        held.put(owner, ofOwner);
        heldBytes += more;
        bytes += more;
      }
    }

    /** Whether others, or the owner itself, used it up. */
    private ProblemException refusal() {
      if (held.getOrDefault(owner, 0L) > 0 && !owner.equals(STRANGERS)) {
        meters.rateLimited("memory");
        return new ProblemException(
            GatewayProblem.RATE_LIMITED, "Too many envelopes of this device are in hand.", RETRY);
      }
      meters.overloaded("memory");
      return new ProblemException(
          GatewayProblem.OVERLOADED, "Too many envelopes are in hand.", RETRY);
    }

    @Override
    public void close() {
      synchronized (EnvelopeMemory.this) {
        heldBytes -= bytes;
        long left = held.getOrDefault(owner, 0L) - bytes;
        if (left > 0) {
          held.put(owner, left);
        } else {
          held.remove(owner);
        }
        bytes = 0;
      }
    }
  }
}
