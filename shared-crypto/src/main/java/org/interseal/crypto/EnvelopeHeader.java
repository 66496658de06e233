package org.interseal.crypto;

/**
 * The part of an envelope that anybody can read. It is authenticated as a whole when the envelope
 * is opened; before that it is only good for routing.
 *
 * @param version the envelope version; one version fixes one suite
 * @param recipientKey which key opens it
 * @param partition the recipient's ledger partition, from 0
 */
public record EnvelopeHeader(int version, KeyId recipientKey, int partition) {}
