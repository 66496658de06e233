/** A customer on the command line, over the public REST API. */
@NullMarked
package org.interseal.launcher.customer;

import org.jspecify.annotations.NullMarked;
