/** Blocks: sealed, signed, chained and fenced; appended by compare-and-set, validated from their own prefix. */
@NullMarked
package org.interseal.bank.chain;

import org.jspecify.annotations.NullMarked;
