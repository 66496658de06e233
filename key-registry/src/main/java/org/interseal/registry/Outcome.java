package org.interseal.registry;

/** What became of a request to the authority. */
sealed interface Outcome<T> {
  record Done<T>(T value) implements Outcome<T> {}

  /**
   * Nothing was changed.
   *
   * @param detail shown to who asked
   */
  record Refused<T>(RegistryProblem problem, String detail) implements Outcome<T> {}
}
