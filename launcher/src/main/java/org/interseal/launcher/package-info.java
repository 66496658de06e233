/** The interseal command. */
@NullMarked
package org.interseal.launcher;

import org.jspecify.annotations.NullMarked;
