/**
 * The pure, deterministic state machine of a bank's ledger partition. No store, no keys, no clock.
 */
@NullMarked
package org.interseal.bank.ledger;

import org.jspecify.annotations.NullMarked;
