package org.interseal.architecture.planted.branch.there;

import org.interseal.architecture.planted.branch.back.BranchBack;

/** One half of a cycle. */
public final class BranchThere {
  static final Class<?> OTHER = BranchBack.class;
}
