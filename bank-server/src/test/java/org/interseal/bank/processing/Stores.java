package org.interseal.bank.processing;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.identity.BankId;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.sqlite.SqliteStore;

/** Databases that outlive the processes that connect to them. */
interface Stores extends AutoCloseable {
  /** A new connection. */
  Store shared();

  /** A new connection. */
  Store bank(BankId bank);

  @Override
  void close();

  static Stores sqlite(Path directory) {
    return new Stores() {
      @Override
      public Store shared() {
        return SqliteStore.openShared(directory.resolve("shared.db"), InstantSource.system());
      }

      @Override
      public Store bank(BankId bank) {
        return SqliteStore.openBank(
            directory.resolve("bank-" + bank + ".db"), InstantSource.system());
      }

      @Override
      public void close() {}
    };
  }

  static Unkind unkind(long seed, Unkindness unkindness) {
    return new Unkind(seed, unkindness);
  }

  /** Databases in memory that misbehave. */
  final class Unkind implements Stores {
    private final long seed;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final UnkindStore shared;
    private final Map<BankId, UnkindStore> banks = new ConcurrentHashMap<>();
    private volatile Unkindness unkindness;

    private Unkind(long seed, Unkindness unkindness) {
      this.seed = seed;
      this.unkindness = unkindness;
      this.shared =
          UnkindStore.shared(seed, InstantSource.system(), Scheduler.on(executor), unkindness);
    }

    @Override
    public Store shared() {
      return shared.connect();
    }

    @Override
    public Store bank(BankId bank) {
      return banks
          .computeIfAbsent(
              bank,
              id ->
                  UnkindStore.bank(
                      seed + id.hashCode(),
                      InstantSource.system(),
                      Scheduler.on(executor),
                      unkindness))
          .connect();
    }

    void become(Unkindness next) {
      unkindness = next;
      shared.become(next);
      banks.values().forEach(bank -> bank.become(next));
    }

    void muteFeeds() {
      shared.muteFeeds();
    }

    void endFeeds() {
      shared.endFeeds();
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
