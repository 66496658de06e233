package org.interseal.architecture.planted.branch.back;

import org.interseal.architecture.planted.branch.there.BranchThere;

/** The other half of a cycle. */
public final class BranchBack {
  static final Class<?> OTHER = BranchThere.class;
}
