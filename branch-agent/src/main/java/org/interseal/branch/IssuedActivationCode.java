package org.interseal.branch;

import java.time.Instant;
import org.interseal.protocol.message.ActivationCode;

/**
 * A code to print for the customer; the bank knows its hash.
 *
 * @param expiresAt when the bank stops to accept it
 */
public record IssuedActivationCode(ActivationCode code, Instant expiresAt) {}
