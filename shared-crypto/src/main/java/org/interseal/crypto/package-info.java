/**
 * Keys that cannot be mixed up or printed, the sealed envelope, certificates and the key vault.
 *
 * <p>No Spring, no clock, no I/O but the key vault's own files: time and randomness are arguments.
 */
@NullMarked
package org.interseal.crypto;

import org.jspecify.annotations.NullMarked;
