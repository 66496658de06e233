/**
 * Makes what a federation of separate machines needs before its processes can start: TLS material,
 * secrets, databases, database users, licensed banks with certified nodes. Plays the store's
 * operator, the authority and every bank at once, so it is for stacks in which one operator may be
 * all of them.
 *
 * <p>Everything is kept below one directory, with a directory of its own for each process, which is
 * all that this process needs to see. Every step makes only what is missing.
 */
@NullMarked
package org.interseal.launcher.provision;

import org.jspecify.annotations.NullMarked;
