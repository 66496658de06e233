/**
 * The embedded adapter: one SQLite file for what members share and one per bank.
 *
 * <pre>
 *   SqliteStore ──┐                       ┌── GroupCommitWriter   one thread, all inserts of the file
 *   SqliteStore ──┼── SqliteEngine (file) ┼── ReaderPool          connections that never block it
 *   SqliteStore ──┘   ref-counted         └── FeedPoller, Feeds   wake-ups, in and across processes
 * </pre>
 *
 * <p>Every write transaction takes one stamp, larger than any before it in the file, while it holds
 * the file's write lock. So stamps follow commit order and readers need no overlap.
 */
@NullMarked
package org.interseal.store.sqlite;

import org.jspecify.annotations.NullMarked;
