package org.interseal.launcher.federation;

import java.net.URI;
import org.interseal.identity.BankId;

/**
 * Where a running bank of a local federation is reached.
 *
 * @param gateway REST for customers
 * @param branch REST for tellers
 * @param operations the server's actuator
 */
public record BankPorts(BankId bank, URI gateway, URI branch, URI operations) {}
