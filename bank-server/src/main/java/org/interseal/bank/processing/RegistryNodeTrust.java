package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.NodeTrust;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.StoreUnavailable;

/**
 * Whoever was ever certified as a server of the bank may have written its chain. What keeps an
 * evicted server from writing on is its lost database user and the fence of whoever took over.
 */
public final class RegistryNodeTrust implements NodeTrust {
  private final BankId bank;
  private final BankDirectory directory;

  public RegistryNodeTrust(BankId bank, BankDirectory directory) {
    this.bank = bank;
    this.directory = directory;
  }

  @Override
  public Optional<VerificationKey> keyOfWriter(String node, KeyId key, ChainTip at)
      throws StoreUnavailable {
    Optional<VerificationKey> known = find(node, key);
    if (known.isPresent()) {
      return known;
    }
    // A "no" makes a row void for ever: it is said only of a registry that was read to its end
    // after the row.
    long before = directory.completeReads();
    var _ = directory.refresh();
    known = find(node, key);
    if (known.isEmpty() && directory.completeReads() == before) {
      throw new StoreUnavailable("the registry was not read to its end yet");
    }
    return known;
  }

  @Override
  public boolean approvesFormat(int version, String approval) {
    return FormatApproval.approves(bank, version, approval, directory);
  }

  private Optional<VerificationKey> find(String node, KeyId key) {
    return directory
        .everCertified(bank, PartyRole.SERVER, key)
        .filter(certified -> certified.party().equals(Party.server(bank, node)))
        .map(certified -> certified.key());
  }
}
