package org.interseal.bank.founding;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.store.AppendTable;
import org.interseal.store.DelegatingStore;
import org.interseal.store.DelegatingTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/** Ends the world at one chosen lasting effect, just before or just after it. */
final class Interruptions {
  /** Where the process dies. */
  enum When {
    BEFORE,
    AFTER
  }

  private final When when;
  private int left;
  private int effects;
  private boolean happened;

  /**
   * @param at which effect, from 1; 0 for none
   */
  Interruptions(When when, int at) {
    this.when = when;
    this.left = at;
  }

  int effects() {
    return effects;
  }

  boolean happened() {
    return happened;
  }

  interface Effect<T> {
    T take() throws IOException;
  }

  /** Takes an effect, or dies around it. Who died does nothing more. */
  <T> T around(Effect<T> effect) throws IOException {
    if (happened) {
      throw new IOException("interrupted before");
    }
    effects++;
    left--;
    if (left == 0 && when == When.BEFORE) {
      happened = true;
      throw new IOException("interrupted before it");
    }
    T value = effect.take();
    if (left == 0) {
      happened = true;
      throw new IOException("interrupted after it");
    }
    return value;
  }

  KeyVault vault(KeyVault real) {
    return new KeyVault() {
      @Override
      public List<String> aliases() {
        return real.aliases();
      }

      @Override
      public Optional<SigningKey> signingKey(String alias) {
        return real.signingKey(alias);
      }

      @Override
      public Optional<DecryptionKey> decryptionKey(String alias) {
        return real.decryptionKey(alias);
      }

      @Override
      public Optional<SecretKey256> secretKey(String alias) {
        return real.secretKey(alias);
      }

      @Override
      public void store(String alias, SigningKey key) throws IOException {
        change(() -> real.store(alias, key));
      }

      @Override
      public void store(String alias, DecryptionKey key) throws IOException {
        change(() -> real.store(alias, key));
      }

      @Override
      public void store(String alias, SecretKey256 key) throws IOException {
        change(() -> real.store(alias, key));
      }

      @Override
      public void delete(String alias) throws IOException {
        change(() -> real.delete(alias));
      }
    };
  }

  private interface Change {
    void run() throws IOException;
  }

  private void change(Change change) throws IOException {
    var _ =
        around(() -> {
          change.run();
          return true;
        });
  }

  /** A store whose insert-only tables may die. Does not own the real one. */
  Store store(Store real) {
    return new DelegatingStore(real) {
      @Override
      public AppendTable append(TableName name) {
        return table(super.append(name));
      }

      @Override
      public void close() {}
    };
  }

  private AppendTable table(AppendTable real) {
    return new DelegatingTable(real) {
      @Override
      public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
        try {
          return CompletableFuture.completedFuture(around(() -> real.insert(rows).join()));
        } catch (IOException e) {
          return CompletableFuture.failedFuture(e);
        }
      }
    };
  }
}
