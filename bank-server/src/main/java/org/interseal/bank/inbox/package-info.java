/**
 * From sealed rows to proved inputs: reads the bank's stream of {@code transactions}, opens and
 * verifies in parallel, delivers in order, and sets aside what cannot be believed.
 */
@NullMarked
package org.interseal.bank.inbox;

import org.jspecify.annotations.NullMarked;
