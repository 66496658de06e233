package org.interseal.protocol.registry;

import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.PartyRole;

/**
 * A record whose signatures and certificates were checked against the authority's root. Whether it
 * is in force is another question: that takes the bank's licence.
 */
sealed interface Proven {
  /** The row's body, for handing on to who verifies for himself. */
  String body();

  RegistryRecord record();

  /** The row where it belongs. */
  default RegistryRow row() {
    String stream =
        switch (this) {
          case Licence _, Resolved _ -> RegistryRow.AUTHORITY_STREAM;
          case Epoch _, Node _, Revocation _ -> record().bank().value();
        };
    return new RegistryRow(stream, body());
  }

  record Licence(
      String body,
      BankLicence record,
      VerificationKey certifyingKey,
      EncryptionKey encryptionKey,
      Window window)
      implements Proven {}

  record Epoch(
      String body, EncryptionEpoch record, EncryptionKey encryptionKey, KeyId certifyingKey)
      implements Proven {}

  /**
   * @param certifyingKey of the bank certificate at the top of the chain
   * @param window when all certificates of the chain are valid
   */
  record Node(
      String body,
      NodeCertificates record,
      CertifiedParty party,
      KeyId certifyingKey,
      Window window)
      implements Proven {}

  record Revocation(String body, NodeRevocation record, KeyId certifyingKey) implements Proven {
    /** Whether it revokes this certificate, and that is a server's. */
    boolean isOfServer(Node node) {
      return node.party().party().role() == PartyRole.SERVER
          && node.certifyingKey().equals(certifyingKey)
          && node.party().serial().equals(record.serial())
          && node.record().bank().equals(record.bank());
    }

    RevokedServer server(Node node) {
      return new RevokedServer(node.party().party(), node.party().key().id(), body, node.body());
    }
  }

  record Resolved(String body, Resolution record) implements Proven {}
}
