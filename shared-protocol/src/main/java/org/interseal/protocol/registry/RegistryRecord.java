package org.interseal.protocol.registry;

import org.interseal.identity.BankId;

/** A statement of the registry. {@link RegistryRow} signs and spells it. */
public sealed interface RegistryRecord
    permits BankLicence, EncryptionEpoch, NodeCertificates, NodeRevocation, Resolution {
  /** The format version of all statements so far. */
  int VERSION = 1;

  /** The bank that it is about; of a resolution, the bank whose money waits. */
  BankId bank();
}
