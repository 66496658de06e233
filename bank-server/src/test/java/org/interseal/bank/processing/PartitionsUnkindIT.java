package org.interseal.bank.processing;

import org.interseal.store.memory.Unkindness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

class PartitionsUnkindIT extends PartitionsContract {
  private static final long SEED = Long.getLong("interseal.seed", 20261121);

  @RegisterExtension
  final TestWatcher seedOfAFailure =
      new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
          System.out.println(context.getDisplayName() + " failed with seed " + SEED);
        }
      };

  @Override
  Stores stores() {
    return Stores.unkind(SEED, Unkindness.rethinkLike());
  }
}
