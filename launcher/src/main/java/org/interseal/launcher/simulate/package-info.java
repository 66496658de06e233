/**
 * Offline verification of a local federation: every chain, signature and balance, and banks against
 * each other.
 */
@NullMarked
package org.interseal.launcher.simulate;

import org.jspecify.annotations.NullMarked;
