/** Tests of whole federations: real services, real HTTP, a real store, killed and attacked. */
@NullMarked
package org.interseal.federation;

import org.jspecify.annotations.NullMarked;
