package org.interseal.simulation;

import org.jspecify.annotations.Nullable;

/** Something that must always hold did not. */
final class InvariantBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvariantBroken(String what) {
    super(what);
  }

  InvariantBroken(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
