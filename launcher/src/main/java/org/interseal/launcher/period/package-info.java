/** An operator's commands for the periods of a bank's ledger: its keys, and what is closed. */
@NullMarked
package org.interseal.launcher.period;

import org.jspecify.annotations.NullMarked;
