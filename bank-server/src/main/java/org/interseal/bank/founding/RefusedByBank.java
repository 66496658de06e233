package org.interseal.bank.founding;

import java.io.IOException;

/** What an operator asked for is against the bank's own rules. */
public final class RefusedByBank extends IOException {
  private static final long serialVersionUID = 1L;

  RefusedByBank(String why) {
    super(why);
  }

  RefusedByBank(String why, Exception cause) {
    super(why, cause);
  }
}
