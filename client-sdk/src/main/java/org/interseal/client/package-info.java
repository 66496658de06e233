/**
 * A customer's device as a library: keys of its own, activation, and a sealed dialogue with its
 * bank over the public REST API. Used by the command line, by load generators and by tests.
 *
 * <p>Everything is asynchronous underneath: one {@link org.interseal.client.ClientRuntime} drives
 * thousands of {@link org.interseal.client.Device}s over few connections.
 *
 * <p>What a device guarantees: a message number is durable before it is used and never used twice;
 * an envelope is kept and sent again, the same bytes, until it is answered or expires; nothing is
 * believed but what a server of the device's own bank signed and sealed to this device, proved
 * against the root that the activation code named.
 */
@NullMarked
package org.interseal.client;

import org.jspecify.annotations.NullMarked;
