package org.interseal.bank.processing;

import org.interseal.store.memory.Unkindness;

class BankNodeUnkindIT extends BankNodeContract {
  private static final long SEED = 20261101;

  @Override
  Stores stores() {
    return Stores.unkind(SEED, Unkindness.rethinkLike());
  }
}
