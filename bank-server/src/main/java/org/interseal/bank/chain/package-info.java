/**
 * Blocks: sealed, signed, chained and fenced; appended by compare-and-set, validated from their own
 * prefix.
 *
 * <pre>
 * table blocks      id p00.&lt;height&gt;.&lt;attempt&gt;   stream p00   body: {@link org.interseal.bank.chain.BlockDocument}
 * table snapshots   id hash of the row's body   stream p00   body: {@link org.interseal.bank.chain.Snapshots}
 * local disk        &lt;bank&gt;.p00.head            {@link org.interseal.bank.chain.RememberedHeads}
 * </pre>
 *
 * <p>What is a block and what is void is a function of the rows alone: see {@link
 * org.interseal.bank.chain.ChainValidator} and docs/reference/blocks.md. Nothing in here looks at a
 * clock or a lease, and the body is opaque apart from what {@link
 * org.interseal.bank.chain.ChainContent} says of it.
 */
@NullMarked
package org.interseal.bank.chain;

import org.jspecify.annotations.NullMarked;
