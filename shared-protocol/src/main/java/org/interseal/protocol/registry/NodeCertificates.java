package org.interseal.protocol.registry;

import java.util.Objects;
import org.interseal.crypto.CertificateChain;
import org.interseal.identity.BankId;

/**
 * A server, gateway or branch of a bank. The chain is the proof, so nothing else is signed.
 *
 * @param chain node, internal CA, bank
 */
public record NodeCertificates(BankId bank, CertificateChain chain) implements RegistryRecord {
  public NodeCertificates {
    Objects.requireNonNull(bank);
    RecordShape.require(chain.certificates().size() == 3, "node, internal CA and bank");
  }
}
