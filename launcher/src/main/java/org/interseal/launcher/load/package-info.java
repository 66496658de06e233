/** Bounded load between two fresh banks, and what it costs them. */
@NullMarked
package org.interseal.launcher.load;

import org.jspecify.annotations.NullMarked;
