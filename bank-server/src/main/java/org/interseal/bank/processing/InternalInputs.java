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

/**
 * What the bank itself tells its ledger: evictions, terms, the registry's versions, the authority's
 * resolutions, what its other partitions' blocks say.
 */
final class InternalInputs {
  /** Per block, so that customers' own messages have room beside them. */
  private static final int MAX_OF_SIBLINGS = 400;

  private final BankId bank;
  private final LedgerTerms terms;
  private final BankDirectory directory;
  private final Evictions evictions;
  private final InstantSource clock;
  private final SiblingInputs siblings;
  private final Runnable behind;

  /** References of resolutions that blocks have decided since this began. */
  private final Set<String> decided = new HashSet<>();

  // Who is usable, worked out for this version and between these times; resolutions of this
  // version.
  private List<LedgerInput> resolutions = List.of();
  private long usableVersion = -1;
  private Map<BankId, Integer> usable = Map.of();
  private Instant usableFrom = Instant.MAX;
  private Instant usableUntil = Instant.MIN;

  /**
   * @param behind runs whenever the chain has seen more of the registry than the directory
   */
  InternalInputs(
      BankId bank,
      LedgerTerms terms,
      BankDirectory directory,
      Evictions evictions,
      InstantSource clock,
      SiblingInputs siblings,
      Runnable behind) {
    this.behind = behind;
    this.bank = bank;
    this.terms = terms;
    this.directory = directory;
    this.evictions = evictions;
    this.clock = clock;
    this.siblings = siblings;
  }

  /**
   * What the state does not know yet; cheap when it knows all. Told again until {@link #decided}.
   */
  List<InboxItem> news(LedgerState state) {
    List<InboxItem> items = new ArrayList<>();
    long version = directory.version();
    if (version < state.registry().version()) {
      behind.run();
    }
    refresh(version);
    for (LedgerInput input : evictions.pending(state)) {
      items.add(InboxItem.internal(input));
    }
    if (version > state.registry().version()
        || (version == state.registry().version() && !usable.equals(state.registry().usable()))) {
      items.add(InboxItem.internal(registry(version, usable)));
    }
    if (!state.terms().equals(terms)) {
      Bytes digest = Bytes.sha256(ProtocolJson.encode(terms));
      items.add(
          InboxItem.internal(new LedgerInput.TermsSet("terms/" + digest.toBase64Url(), terms)));
    }
    for (LedgerInput input : resolutions) {
      if (!decided.contains(input.reference())) {
        items.add(InboxItem.internal(input));
      }
    }
    items.addAll(siblings.news(state, MAX_OF_SIBLINGS));
    return items;
  }

  /**
   * What could not be decided is left alone for a while, with all that its partition says.
   *
   * @return false when no other partition said it
   */
  boolean hold(LedgerInput input) {
    return siblings.hold(input);
  }

  /** A block stands that decided this input. */
  void decided(LedgerInput input) {
    if (input instanceof LedgerInput.ResolutionPublished) {
      decided.add(input.reference());
    }
  }

  private void refresh(long version) {
    Instant now = clock.instant();
    if (version != usableVersion || now.isBefore(usableFrom) || !now.isBefore(usableUntil)) {
      usableVersion = version;
      usableFrom = now;
      usableUntil = nextChange(now);
      usable = usable(now);
      resolutions =
          directory.publishedResolutions(bank).stream().map(InternalInputs::resolved).toList();
    }
  }

  /** The next start or end of a licence, as the directory has them now. */
  private Instant nextChange(Instant now) {
    Instant next = Instant.MAX;
    for (LicensedBank licensed : directory.banks()) {
      // A licence still holds at its last instant.
      for (Instant change : List.of(licensed.notBefore(), licensed.notAfter().plusMillis(1))) {
        if (change.isAfter(now) && change.isBefore(next)) {
          next = change;
        }
      }
    }
    return next;
  }

  private Map<BankId, Integer> usable(Instant now) {
    Map<BankId, Integer> usable = new TreeMap<>();
    for (LicensedBank licensed : directory.banks()) {
      if (licensed.usableAt(now)) {
        usable.put(licensed.bank(), licensed.partitions());
      }
    }
    return usable;
  }

  private static LedgerInput registry(long version, Map<BankId, Integer> usable) {
    String names = Bytes.sha256(ProtocolJson.encode(usable)).toBase64Url();
    return new LedgerInput.RegistryObserved("registry/" + version + "/" + names, version, usable);
  }

  private static LedgerInput resolved(BankDirectory.PublishedResolution published) {
    Resolution resolution = published.resolution();
    String statement = published.row();
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
