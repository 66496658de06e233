/**
 * RethinkDB with a pool, time-outs, TLS and changefeeds that can be relied on.
 *
 * <p>Queries are built with the terms of the official driver and sent by this package's own
 * connection, which blocks, has deadlines, and checks whom it talks to. {@link
 * org.interseal.rethinkdb.RethinkDbTemplate} is the way in.
 *
 * <pre>
 * RethinkDbTemplate ── ConnectionPool ── RethinkDbConnection ── Wire ── socket (TLS)
 *        └── Changefeed (a connection and a thread of its own)
 * </pre>
 */
@NullMarked
package org.interseal.rethinkdb;

import org.jspecify.annotations.NullMarked;
