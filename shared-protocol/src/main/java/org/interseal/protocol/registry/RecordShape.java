package org.interseal.protocol.registry;

/** Checks that the records share; each failure is an {@link IllegalArgumentException}. */
final class RecordShape {
  static final int MAX_PARTITIONS = 100;

  private RecordShape() {}

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  static void version(int v) {
    require(v == RegistryRecord.VERSION, "unknown version of a registry record: " + v);
  }

  static void partition(int partition) {
    require(partition >= 0 && partition < MAX_PARTITIONS, "partition out of range");
  }

  static void text(String text, int maxLength, String what) {
    require(
        !text.isBlank()
            && text.equals(text.strip())
            && text.length() <= maxLength
            && text.codePoints().noneMatch(Character::isISOControl),
        what + ": 1 to " + maxLength + " printable characters, no space around them");
  }
}
