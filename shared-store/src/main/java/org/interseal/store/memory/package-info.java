/**
 * The in-memory adapter for tests and simulations: as unkind as a distributed store may be, from a
 * seed.
 */
@NullMarked
package org.interseal.store.memory;

import org.jspecify.annotations.NullMarked;
