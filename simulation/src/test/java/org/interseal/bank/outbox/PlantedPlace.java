package org.interseal.bank.outbox;

import org.interseal.crypto.Bytes;

/** Names a notice otherwise each time. */
final class PlantedPlace {
  private static long next;

  private PlantedPlace() {}

  static Bytes field(DeviceMail.Place place) {
    return Bytes.utf8(place.block().toHex() + "." + place.index() + "." + next++);
  }
}
