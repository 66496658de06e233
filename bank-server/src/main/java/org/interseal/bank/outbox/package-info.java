/**
 * Sends what acknowledged blocks owe, as often as it takes, and knows up to which block all of it
 * is durable.
 */
@NullMarked
package org.interseal.bank.outbox;

import org.jspecify.annotations.NullMarked;
