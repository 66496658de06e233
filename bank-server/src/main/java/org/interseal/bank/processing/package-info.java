/**
 * The one ledger thread of a partition: decides, appends blocks, publishes the state. {@link
 * org.interseal.bank.processing.BankNode} assembles a whole server from ports, without Spring.
 */
@NullMarked
package org.interseal.bank.processing;

import org.jspecify.annotations.NullMarked;
