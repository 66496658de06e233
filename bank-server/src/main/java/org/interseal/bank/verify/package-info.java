/**
 * Offline verification: every chain from its first byte, every balance, and banks' chains against
 * each other. Reads stores and returns findings; prints nothing, repairs nothing.
 */
@NullMarked
package org.interseal.bank.verify;

import org.jspecify.annotations.NullMarked;
