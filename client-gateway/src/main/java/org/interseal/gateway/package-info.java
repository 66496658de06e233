/**
 * A bank's edge: authenticates devices by their request signatures, writes sealed envelopes to the
 * shared store, and hands sealed mailbox items back. It holds no key that opens anything, and no
 * state that another gateway of the bank would need: any of them can answer any request.
 *
 * <pre>
 * POST /v1/messages ── signature ── limits ── linked? ── outer header ── DurableInsert(transactions) ── 202 / 503
 *                                                            wait: until a mailbox item replies ─────── 200
 * GET /v1/mailbox, /v1/mailbox/events ── signature ── limits ── mailbox rows of the key that signed
 *
 * DeviceDirectory  follows devices, proves each row with the certificate of a server of this bank
 * MailboxWakes     one feed over all mailboxes; wakes waiting calls and event streams, which then read
 * </pre>
 */
@NullMarked
package org.interseal.gateway;

import org.jspecify.annotations.NullMarked;
