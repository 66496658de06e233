package org.interseal.bank.founding;

import java.io.IOException;
import org.interseal.identity.Party;

/**
 * A node whose key was revoked is not admitted again: it comes back with a new key or not at all.
 */
public final class NodeEvicted extends IOException {
  private static final long serialVersionUID = 1L;

  NodeEvicted(Party node) {
    super(node.wire() + " was evicted; give it a new vault");
  }
}
