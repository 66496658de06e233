package org.interseal.bank.processing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.Resolution;

/** What the bank itself tells its ledger: terms, the registry's versions, the authority's resolutions. */
final class InternalInputs {
  private final BankId bank;
  private final LedgerTerms terms;
  private final BankDirectory directory;
  private final InstantSource clock;
  private final Set<Resolution> told = new HashSet<>();
  private long resolutionsVersion = -1;

  InternalInputs(BankId bank, LedgerTerms terms, BankDirectory directory, InstantSource clock) {
    this.bank = bank;
    this.terms = terms;
    this.directory = directory;
    this.clock = clock;
  }

  /** What the state does not know yet; cheap when it knows all. */
  List<InboxItem> news(LedgerState state) {
    List<InboxItem> items = new ArrayList<>();
    long version = directory.version();
    if (version > state.registry().version()) {
      items.add(InboxItem.internal(registry(version)));
    }
    if (!state.terms().equals(terms)) {
      Bytes digest = Bytes.sha256(ProtocolJson.encode(terms));
      items.add(InboxItem.internal(new LedgerInput.TermsSet("terms/" + digest.toBase64Url(), terms)));
    }
    if (version != resolutionsVersion) {
      resolutionsVersion = version;
      for (Resolution resolution : directory.resolutions(bank)) {
        if (told.add(resolution)) {
          items.add(InboxItem.internal(resolved(resolution)));
        }
      }
    }
    return items;
  }

  private LedgerInput registry(long version) {
    Instant now = clock.instant();
    Map<BankId, Integer> usable = new TreeMap<>();
    for (LicensedBank licensed : directory.banks()) {
      if (licensed.usableAt(now)) {
        usable.put(licensed.bank(), licensed.partitions());
      }
    }
    return new LedgerInput.RegistryObserved("registry/" + version, version, usable);
  }

  private static LedgerInput resolved(Resolution resolution) {
    String statement = ProtocolJson.encodeText(resolution);
    return new LedgerInput.ResolutionPublished(
        "resolution/" + Bytes.sha256(Bytes.utf8(statement)).toBase64Url(),
        resolution.bank(),
        resolution.partition(),
        resolution.targetBank(),
        resolution.targetPartition(),
        resolution.transferNumber(),
        resolution.transferDigest(),
        resolution.settled(),
        statement);
  }
}
