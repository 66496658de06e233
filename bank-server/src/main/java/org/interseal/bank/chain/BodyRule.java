package org.interseal.bank.chain;

import java.util.Optional;
import org.interseal.crypto.Bytes;

/**
 * What a body must satisfy without knowledge of any other block: readable, bounded, conservative. A pure function.
 *
 * <p>A later version of the program may accept more than an earlier one but never less: old blocks stay valid.
 */
@FunctionalInterface
public interface BodyRule {
  /** What is wrong with this body, in words without personal data; empty when nothing is. */
  Optional<String> objection(Bytes body);
}
