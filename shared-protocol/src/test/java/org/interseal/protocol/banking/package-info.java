/** Behaviour of the banking values. */
@NullMarked
package org.interseal.protocol.banking;

import org.jspecify.annotations.NullMarked;
