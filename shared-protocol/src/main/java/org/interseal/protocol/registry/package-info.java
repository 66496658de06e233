/** What the authority and the banks publish in bank_keys, and the verified view of it. */
@NullMarked
package org.interseal.protocol.registry;

import org.jspecify.annotations.NullMarked;
