/** Commands of a bank's operators. */
@NullMarked
package org.interseal.launcher.bank;

import org.jspecify.annotations.NullMarked;
