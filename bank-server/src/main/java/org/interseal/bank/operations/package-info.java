/** What operators see and do: set-aside messages, the ledger in summary, health. */
@NullMarked
package org.interseal.bank.operations;

import org.jspecify.annotations.NullMarked;
