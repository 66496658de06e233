/**
 * The store port: what the federation asks of the distributed store that none of its members
 * trusts.
 *
 * <p>A store has tables of two kinds. An {@link org.interseal.store.AppendTable} is insert-only and
 * holds history; a {@link org.interseal.store.MutableTable} holds leases and heartbeats, the only
 * rows that ever change. Feeds only wake readers up; truth is always a read from a position.
 */
@NullMarked
package org.interseal.store;

import org.jspecify.annotations.NullMarked;
