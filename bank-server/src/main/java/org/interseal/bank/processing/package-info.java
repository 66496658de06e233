/**
 * The one ledger thread of a partition: decides, appends blocks, publishes the state. {@link
 * org.interseal.bank.processing.BankNode} assembles one from ports, {@link
 * org.interseal.bank.processing.BankServer} a whole server, without Spring.
 */
@NullMarked
package org.interseal.bank.processing;

import org.jspecify.annotations.NullMarked;
