/** The messages inside envelopes: between devices, branches and their bank, and between banks. */
@NullMarked
package org.interseal.protocol.message;

import org.jspecify.annotations.NullMarked;
