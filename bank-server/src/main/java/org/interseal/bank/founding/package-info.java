/**
 * How a bank comes to be, and how its shared keys reach its nodes.
 *
 * <p>Founding is done by an operator with the bank's founding vault: {@link
 * org.interseal.bank.founding.BankFounding} makes the keys, applies to the authority, certifies
 * nodes and wraps the shared keys to them. A server only ever holds its own node keys and reads the
 * rest through {@link org.interseal.bank.founding.WrappedKeys}.
 */
@NullMarked
package org.interseal.bank.founding;

import org.jspecify.annotations.NullMarked;
