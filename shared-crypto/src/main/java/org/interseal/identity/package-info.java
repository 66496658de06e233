/** Names of the parties of a federation: banks, and the roles in which somebody signs. */
@NullMarked
package org.interseal.identity;

import org.jspecify.annotations.NullMarked;
