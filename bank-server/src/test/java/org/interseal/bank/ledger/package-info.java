/** Behaviour of the ledger, as sentences, and walks over two ledgers. */
@NullMarked
package org.interseal.bank.ledger;

import org.jspecify.annotations.NullMarked;
