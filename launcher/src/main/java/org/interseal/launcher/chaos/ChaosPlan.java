package org.interseal.launcher.chaos;

import java.util.SplittableRandom;

/** The faults of one bank, in order: the same ones for the same seed. */
final class ChaosPlan {
  static final long MAX_DOWN_MILLIS = 2_000;
  static final long MIN_PAUSE_MILLIS = 300;
  static final long MAX_PAUSE_MILLIS = 5_000;
  static final long MAX_REST_MILLIS = 1_500;

  /** A standby has followed for so long at least before the writer is killed once more. */
  static final long TAKE_OVER_REST_MILLIS = 2_000;

  private static final int KILLS_OF_TEN = 7;
  private static final int PAUSES_OF_TEN = 2;
  private static final int SERVERS_OF_TEN = 6;
  private static final int ALL_SERVERS_ONE_IN = 10;

  private final SplittableRandom random;
  private final int servers;
  private final int gateways;
  private final boolean takeOversAlone;

  /**
   * @param bank which bank of the federation, from 0
   * @param takeOversAlone only the server that writes is killed
   */
  ChaosPlan(long seed, int bank, int servers, int gateways, boolean takeOversAlone) {
    SplittableRandom ofBank = new SplittableRandom(seed);
    for (int i = 0; i < bank; i++) {
      ofBank = ofBank.split();
    }
    this.random = ofBank.split();
    this.servers = servers;
    this.gateways = gateways;
    this.takeOversAlone = takeOversAlone;
  }

  Fault next() {
    long rest = random.nextLong(MAX_REST_MILLIS + 1);
    if (takeOversAlone) {
      return new Fault(
          Fault.Kind.KILL_WRITER, Fault.Role.SERVER, 1, 0, TAKE_OVER_REST_MILLIS + rest);
    }
    boolean server = random.nextInt(10) < SERVERS_OF_TEN;
    Fault.Role role = server ? Fault.Role.SERVER : Fault.Role.GATEWAY;
    int number = 1 + random.nextInt(server ? servers : gateways);
    int kind = random.nextInt(10);
    if (kind < KILLS_OF_TEN) {
      boolean all = server && random.nextInt(ALL_SERVERS_ONE_IN) == 0;
      return new Fault(
          all ? Fault.Kind.KILL_SERVERS : Fault.Kind.KILL,
          role,
          number,
          random.nextLong(MAX_DOWN_MILLIS + 1),
          rest);
    }
    return kind < KILLS_OF_TEN + PAUSES_OF_TEN
        ? new Fault(
            Fault.Kind.PAUSE,
            role,
            number,
            random.nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1),
            rest)
        : new Fault(Fault.Kind.RESTART, role, number, 0, rest);
  }
}
