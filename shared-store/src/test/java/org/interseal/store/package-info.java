/** The contract suite that every adapter passes, and tests of what is built on the port. */
@NullMarked
package org.interseal.store;

import org.jspecify.annotations.NullMarked;
