package org.interseal.bank.processing;

import org.interseal.store.memory.Unkindness;

class BankServerUnkindIT extends BankServerContract {
  private static final long SEED = Long.getLong("interseal.seed", 20261121);

  @Override
  Stores stores() {
    return Stores.unkind(SEED, Unkindness.rethinkLike());
  }
}
