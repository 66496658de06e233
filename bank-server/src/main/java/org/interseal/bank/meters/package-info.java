/** What a bank's server counts and measures; names are listed in docs/reference/metrics.md. */
@NullMarked
package org.interseal.bank.meters;

import org.jspecify.annotations.NullMarked;
