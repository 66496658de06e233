package org.interseal.bank.processing;

import java.time.InstantSource;
import java.util.Optional;
import org.interseal.bank.inbox.CertifiedNodes;
import org.interseal.bank.outbox.Addresses;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.BankLicence;
import org.interseal.protocol.registry.LicensedBank;

/** The registry as inbox and outbox ask it. */
final class RegistryView implements CertifiedNodes, Addresses {
  private final BankId bank;
  private final BankDirectory directory;
  private final InstantSource clock;
  private final AuthorKeys authors;

  RegistryView(BankId bank, BankDirectory directory, InstantSource clock) {
    this.bank = bank;
    this.directory = directory;
    this.clock = clock;
    this.authors = directory.authorKeys(clock::instant);
  }

  @Override
  public Optional<VerificationKey> key(Party node, KeyId signingKey) {
    return authors.find(node, signingKey);
  }

  @Override
  public boolean isUsable(BankId other) {
    return directory.usable(other, clock.instant());
  }

  /**
   * How many ledger partitions the bank has; the most there can be while its licence is unknown.
   */
  int partitions() {
    return directory.bank(bank).map(LicensedBank::partitions).orElse(BankLicence.MAX_PARTITIONS);
  }

  /** Whether the registry publishes, or once published, this as the bank's own encryption key. */
  boolean isOwnEncryptionKey(KeyId key) {
    return directory.bank(bank).filter(licensed -> licensed.hasEncryptionKey(key)).isPresent();
  }

  @Override
  public Optional<EncryptionKey> bank(BankId other) {
    return directory.bank(other).map(LicensedBank::encryptionKey);
  }

  @Override
  public Optional<EncryptionKey> branch(String name) {
    return directory.nodes(bank, PartyRole.BRANCH, clock.instant()).stream()
        .filter(node -> node.party().name().equals(name))
        .findFirst()
        .flatMap(CertifiedParty::encryptionKey);
  }
}
