/** Tests of the registry's records, and an authority with banks for the tests of other modules. */
@NullMarked
package org.interseal.protocol.registry;

import org.jspecify.annotations.NullMarked;
