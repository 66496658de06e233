/**
 * Tests of keys, envelopes, certificates and the vault, on the native libraries and the fallback.
 */
@NullMarked
package org.interseal.crypto;

import org.jspecify.annotations.NullMarked;
