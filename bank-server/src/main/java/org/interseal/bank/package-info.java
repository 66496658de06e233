/** The process: application class and wiring. */
@NullMarked
package org.interseal.bank;

import org.jspecify.annotations.NullMarked;
