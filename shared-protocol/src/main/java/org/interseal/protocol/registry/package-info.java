/**
 * What the authority and the banks publish in {@code bank_keys}, and the verified view of it.
 *
 * <pre>
 * stream "authority"   BankLicence, Resolution                 signed by the authority's root key
 * stream BIC           EncryptionEpoch, NodeRevocation         signed by the certifying key of the bank; the bank's
 *                                                              certificate travels along
 *                      NodeCertificates                        the chain node, internal CA, bank is its own proof
 * </pre>
 *
 * <p>Nobody trusts the table: {@link org.interseal.protocol.registry.BankDirectory} proves every
 * row against the authority's root, and what it holds does not depend on the order in which rows
 * become visible.
 */
@NullMarked
package org.interseal.protocol.registry;

import org.jspecify.annotations.NullMarked;
