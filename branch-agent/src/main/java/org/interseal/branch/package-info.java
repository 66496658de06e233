/**
 * A branch of a bank: acts for customers with its own key pair, and talks to its bank through the
 * store alone.
 *
 * <pre>
 * teller REST / BranchDesk -> RequestBook -> Outbox -> BranchJournal (fsync) -> transactions (sealed)
 *                                  ^                                              |
 *                                  +--- MailboxFollower <- mailbox branch:NAME <- bank
 * </pre>
 *
 * <p>A letter is on the branch's own disk, with its number, before anything of it is sent; the same
 * bytes are offered again until the bank has answered or the letter has expired.
 */
@NullMarked
package org.interseal.branch;

import org.jspecify.annotations.NullMarked;
