/**
 * Signs of life that nodes leave in the shared database: who is there, in which version. Format:
 * docs/reference/store.md.
 */
@NullMarked
package org.interseal.protocol.heartbeat;

import org.jspecify.annotations.NullMarked;
