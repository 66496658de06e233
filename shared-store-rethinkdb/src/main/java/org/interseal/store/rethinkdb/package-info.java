/**
 * The store port on RethinkDB.
 *
 * <pre>
 * database interseal         what members share: transactions, bank_keys, heartbeats
 * database bank_&lt;bic&gt;    one bank's own: blocks, wrapped_keys, snapshots, mailbox, devices, set_aside, leases
 * table    format            one row: which of the two it is, and the schema's version
 * index    by_stream         [stream, timestamp, id] of every insert-only table
 * write hook                 stamps the timestamp; of insert-only tables it refuses every update and delete
 * </pre>
 *
 * <p>All writes ask for a majority on disk and all reads for what a majority has on disk. See
 * docs/reference/store.md.
 */
@NullMarked
package org.interseal.store.rethinkdb;

import org.jspecify.annotations.NullMarked;
