package org.interseal.bank.processing;

import java.util.Optional;

/**
 * Advice on who should write one partition. Wrong advice costs time and nothing else: what keeps
 * two writers from doing harm are the chain's fences.
 */
interface WriterTurn {
  /** A bank's only partition: whoever finds it free takes it, and keeps it. */
  WriterTurn WHOEVER_COMES =
      new WriterTurn() {
        @Override
        public boolean isOurs(String silent) {
          return true;
        }

        @Override
        public Optional<String> betterWriter(long height, long writingMillis) {
          return Optional.empty();
        }

        @Override
        public Optional<String> heir() {
          return Optional.empty();
        }
      };

  /**
   * Whether this server should be the first to take the partition over.
   *
   * @param silent whose lease it was, empty when it was given back
   */
  boolean isOurs(String silent);

  /**
   * Who should write the partition in our place, and could do so at once.
   *
   * @param height of the chain's end
   * @param writingMillis for how long we write it
   */
  Optional<String> betterWriter(long height, long writingMillis);

  /** Who should have it when this server stops. */
  Optional<String> heir();
}
