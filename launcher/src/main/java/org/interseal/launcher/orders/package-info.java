/** The main job on real input: a file of payment orders through a federation of their banks. */
@NullMarked
package org.interseal.launcher.orders;

import org.jspecify.annotations.NullMarked;
