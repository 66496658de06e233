/** Simulations of whole federations from seeds, in as many processes as there are processors. */
@NullMarked
package org.interseal.launcher.simulate;

import org.jspecify.annotations.NullMarked;
