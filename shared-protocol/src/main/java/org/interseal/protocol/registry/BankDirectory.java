package org.interseal.protocol.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.Iban;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Who the banks of the federation are, which keys they have and which nodes speak for them, proven
 * row by row against the authority's root.
 *
 * <h2>Security guarantees</h2>
 *
 * <ul>
 *   <li>Only what the authority signed makes a bank; only what that bank's certifying key signed
 *       makes, renews or revokes anything of that bank. A row that is altered, in the wrong stream,
 *       of the wrong role or of another bank changes nothing and is counted ({@link #refused()}).
 *   <li>The licence with the highest number counts. One with a lower number never does, whenever it
 *       turns up.
 *   <li>Two readers that have seen the same rows answer the same, in whatever order the rows came;
 *       which of two contradicting resolutions counts is the exception.
 * </ul>
 *
 * <p>Not guaranteed: that a store shows all rows. One that hides a suspension from a reader that
 * never saw it is not found out by this class.
 *
 * <p>Thread-safe. Questions are answered from an immutable view without locks or I/O; {@link
 * #refresh()} reads the store.
 */
public final class BankDirectory {
  /**
   * Most pages of the authority's stream that one call reads to begin with. Its rows are few and
   * its strangers' are refused by their kind or one signature.
   */
  static final int MAX_AUTHORITY_PAGES = 100;

  /**
   * Most pages of each bank's stream that one call reads: all that a reader keeps of an honest
   * bank, and more.
   */
  static final int MAX_BANK_PAGES = 16;

  private final RowVerifier verifier;
  private final @Nullable RegistryReader reader;
  private final Object refreshing = new Object();
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private final RecentlyRefused recentlyRefused = new RecentlyRefused();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Banks whose streams were read to their ends since somebody wanted that last. */
  private final Set<BankId> upToDate = new HashSet<>();

  private volatile DirectoryView view = DirectoryView.empty();
  private volatile boolean everRefreshed;
  private volatile long completeReads;

  private BankDirectory(RootCertificate root, @Nullable RegistryReader reader)
      throws InvalidKeyMaterial {
    this(new RowVerifier(root), reader);
  }

  private BankDirectory(RowVerifier verifier, @Nullable RegistryReader reader) {
    this.verifier = verifier;
    this.reader = reader;
  }

  /**
   * A directory over another connection which has proven already what this one has: for simulations
   * with many processes, whose registry is proven once.
   */
  BankDirectory over(Store shared) {
    BankDirectory other = new BankDirectory(verifier, new RegistryReader(shared));
    other.view = view;
    return other;
  }

  /**
   * A directory over the shared store, empty until it is refreshed.
   *
   * @throws InvalidKeyMaterial when {@code root} is no root certificate
   */
  public static BankDirectory of(RootCertificate root, Store shared) throws InvalidKeyMaterial {
    return new BankDirectory(root, new RegistryReader(shared));
  }

  /**
   * A fixed directory from rows that somebody handed over, for clients. What cannot be proven is
   * left out and counted.
   *
   * @param rowBodies as {@link #records(BankId)} returns them
   * @throws InvalidKeyMaterial when {@code root} is no root certificate
   */
  public static BankDirectory verified(RootCertificate root, List<String> rowBodies)
      throws InvalidKeyMaterial {
    BankDirectory directory = new BankDirectory(root, null);
    directory.applyBodies(rowBodies);
    return directory;
  }

  /**
   * Reads what is new. Afterwards every row is known that was visible before the call, unless a
   * stream had more new rows than one call reads ({@value #MAX_AUTHORITY_PAGES} pages of the
   * authority's, {@value #MAX_BANK_PAGES} of a bank's): then the next calls go on where this one
   * stopped. Rows that are written meanwhile do not prolong the call, each page counts as soon as
   * it is read, and the authority's stream goes before every round of the banks', so nobody who
   * floods a stream keeps a suspension from being seen.
   *
   * @return whether anything changed
   * @throws StoreUnavailable when the store does not answer; what was known stays known
   */
  public boolean refresh() throws StoreUnavailable {
    return read(null, false);
  }

  /**
   * As {@link #refresh()}, but of the authority's stream and of these banks' streams alone, and of
   * those that no call has read to their ends since they were last asked for, among them those of
   * new banks. For who knows which streams have anything new.
   *
   * @return whether anything changed
   * @throws StoreUnavailable when the store does not answer; the next call reads these streams too
   */
  public boolean refresh(Set<BankId> banks) throws StoreUnavailable {
    return read(banks, false);
  }

  /**
   * Refreshes, and looks on for rows that became visible later than the store allows: one bounded
   * step a call, by ids, so what was read is not read and judged again.
   */
  public boolean sweep() throws StoreUnavailable {
    return read(null, true);
  }

  /**
   * @param banks null for all
   */
  private boolean read(@Nullable Set<BankId> banks, boolean alsoSweep) throws StoreUnavailable {
    long before = version();
    try {
      synchronized (refreshing) {
        if (reader != null) {
          if (banks == null) {
            upToDate.clear();
          } else {
            upToDate.removeAll(banks);
          }
          if (readStreams(reader) && banks == null) {
            completeReads++;
          }
          everRefreshed = true;
          if (alsoSweep) {
            sweepStreams(reader);
          }
        }
      }
    } finally {
      // What was read before the store failed counts, and is told.
      if (version() != before) {
        listeners.forEach(Runnable::run);
      }
    }
    return version() != before;
  }

  /** Says whether every stream that was to be read was read to its end. */
  private boolean readStreams(RegistryReader from) throws StoreUnavailable {
    long untilMillis = from.latestStampMillis();
    boolean authorityRead = false;
    for (int pages = 0; pages < MAX_AUTHORITY_PAGES && !authorityRead; pages++) {
      authorityRead =
          readPage(from, RegistryRow.AUTHORITY_STREAM, untilMillis) != RegistryReader.Reached.SOME;
    }
    boolean complete = authorityRead;
    // Licences say which streams are worth reading.
    List<BankId> unread = new ArrayList<>(view.licensedBanks());
    unread.removeAll(upToDate);
    for (int round = 0; round < MAX_BANK_PAGES && !unread.isEmpty(); round++) {
      if (round > 0) {
        readPage(from, RegistryRow.AUTHORITY_STREAM, untilMillis);
      }
      List<BankId> more = new ArrayList<>();
      for (BankId bank : unread) {
        switch (readPage(from, bank.value(), untilMillis)) {
          case SOME -> more.add(bank);
          case THAT_TIME -> {}
          case END -> upToDate.add(bank);
        }
      }
      unread = more;
    }
    return complete && unread.isEmpty();
  }

  private RegistryReader.Reached readPage(RegistryReader from, String stream, long untilMillis)
      throws StoreUnavailable {
    DirectoryView.Builder builder = new DirectoryView.Builder(view);
    RegistryReader.Reached reached = from.readPage(stream, untilMillis, row -> apply(builder, row));
    publish(builder);
    return reached;
  }

  private void sweepStreams(RegistryReader from) throws StoreUnavailable {
    DirectoryView.Builder builder = new DirectoryView.Builder(view);
    try {
      from.sweepStep(RegistryRow.AUTHORITY_STREAM, row -> apply(builder, row));
      for (BankId bank : builder.licensedBanks()) {
        from.sweepStep(bank.value(), row -> apply(builder, row));
      }
    } finally {
      publish(builder);
    }
  }

  private void applyBodies(List<String> bodies) {
    synchronized (refreshing) {
      DirectoryView.Builder builder = new DirectoryView.Builder(view);
      for (String body : bodies) {
        judge(builder, verifier.verify(body), body);
      }
      publish(builder);
    }
  }

  private void publish(DirectoryView.Builder builder) {
    if (builder.changed()) {
      view = builder.build();
    }
  }

  private void apply(DirectoryView.Builder builder, RegistryRow row) {
    // The same content comes again under another id, and after a sweep.
    String name = row.name();
    if (!builder.knows(name) && !recentlyRefused.contains(name)) {
      judge(builder, verifier.verify(row), name);
    }
  }

  private void judge(DirectoryView.Builder builder, RowVerifier.Verdict verdict, String rowName) {
    Optional<Refusal> refusal =
        switch (verdict) {
          case RowVerifier.Verdict.Refused(Refusal why) -> Optional.of(why);
          case RowVerifier.Verdict.Accepted(Proven proven) -> builder.add(proven);
        };
    refusal.ifPresent(why -> {
      if (recentlyRefused.add(rowName)) {
        refused.merge(why, 1L, Long::sum);
      }
    });
  }

  /** How often everything was read that was visible before a call. It only rises. */
  public long completeReads() {
    return completeReads;
  }

  /** Whether the store was read through at least once, as far as one call reads. */
  public boolean everRefreshed() {
    return everRefreshed;
  }

  /** Runs after every change, on the thread that refreshed; must return soon. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** A bank that has a licence, whatever its status; empty for one that never had any. */
  public Optional<LicensedBank> bank(BankId bank) {
    return view.records(bank).licensed();
  }

  /**
   * Whether payments may be sent to it and taken on from it: licensed, not suspended, inside its
   * validity.
   */
  public boolean usable(BankId bank, Instant at) {
    return bank(bank).filter(licensed -> licensed.usableAt(at)).isPresent();
  }

  /** All banks that have a licence, in order of BIC. */
  public List<LicensedBank> banks() {
    return view.banks().values().stream().flatMap(r -> r.licensed().stream()).toList();
  }

  /** The licence in force, as the authority signed it. */
  public Optional<BankLicence> licence(BankId bank) {
    return view.records(bank).licenceInForce();
  }

  /**
   * Who signs with this key in this role for this bank: certified under the bank's certifying key
   * in force, valid at {@code at}, not revoked. A suspended bank's nodes are still found: their
   * answers count, and refusing them new business is decided with {@link #usable}.
   */
  public Optional<CertifiedParty> node(BankId bank, PartyRole role, KeyId key, Instant at) {
    return view.records(bank).node(role, key, at);
  }

  /**
   * All nodes of this role, as {@link #node} finds them, by name; of one name, the longest valid
   * first.
   */
  public List<CertifiedParty> nodes(BankId bank, PartyRole role, Instant at) {
    return view.records(bank).nodes(role, at);
  }

  /**
   * As {@link #node}, but also who is revoked, expired or certified under an earlier certifying
   * key: for judging history, never for what somebody says now.
   */
  public Optional<CertifiedParty> everCertified(BankId bank, PartyRole role, KeyId key) {
    return view.records(bank).everCertified(role, key);
  }

  /**
   * Whether a certificate for this node key was ever revoked; such a key is never certified again.
   */
  public boolean revoked(BankId bank, KeyId nodeKey) {
    return view.records(bank).revoked(nodeKey);
  }

  /** Every node certificate that the bank published, by role, name and begin. */
  public List<CertifiedNode> certifiedNodes(BankId bank) {
    return view.records(bank).certifiedNodes();
  }

  /** Servers of the bank whose key was revoked, with the proof, in the order of revocation. */
  public List<RevokedServer> revokedServers(BankId bank) {
    return view.records(bank).revokedServers();
  }

  /**
   * What two rows prove under the authority's root alone, whatever else was read: that a bank's
   * certifying key revoked a server's certificate. Pure; empty when they do not.
   */
  public Optional<RevokedServer> proveRevocation(String revocation, String certificate) {
    if (verifier.verify(revocation) instanceof RowVerifier.Verdict.Accepted(Proven.Revocation r)
        && verifier.verify(certificate) instanceof RowVerifier.Verdict.Accepted(Proven.Node n)
        && r.isOfServer(n)) {
      return Optional.of(r.server(n));
    }
    return Optional.empty();
  }

  /**
   * What a bank's certifying key signed, by the certificate that is shown with it and the
   * authority's root alone, whatever else was read. Pure; empty when they do not prove it.
   */
  public Optional<Bytes> signedByBank(
      BankId bank, String statementType, String statement, Bytes certificate) {
    return verifier.signedByBank(bank, statementType, statement, certificate);
  }

  /** The certificates of the node with this key. */
  public Optional<NodeCertificates> certificates(BankId bank, KeyId nodeKey) {
    return view.records(bank).certificates(nodeKey);
  }

  /**
   * Keys of servers, gateways and branches as authors; knows no devices, and nobody else may sign a
   * letter.
   */
  public AuthorKeys authorKeys(Supplier<Instant> now) {
    return new AuthorKeys() {
      @Override
      public Optional<VerificationKey> find(Party author, KeyId signingKey) {
        BankId bank = author.bank();
        if (bank == null) {
          return Optional.empty();
        }
        return switch (author.role()) {
          case SERVER, GATEWAY, BRANCH ->
              node(bank, author.role(), signingKey, now.get())
                  .filter(certified -> certified.party().equals(author))
                  .map(CertifiedParty::key);
          case AUTHORITY, BANK, INTERNAL_CA, DEVICE -> Optional.empty();
        };
      }
    };
  }

  /**
   * The bank whose IBANs carry this institution code; empty when none or more than one is licensed
   * for it.
   */
  public Optional<BankId> byInstitution(String institution) {
    return Optional.ofNullable(view.institutions().get(institution));
  }

  /** The bank that keeps this account, going by its institution and country. */
  public Optional<BankId> byIban(Iban iban) {
    return byInstitution(iban.institution()).filter(iban::isAt);
  }

  /** The authority's word on transfers from or to this bank, one for each transfer. */
  public List<Resolution> resolutions(BankId bank) {
    return publishedResolutions(bank).stream().map(PublishedResolution::resolution).toList();
  }

  /**
   * A resolution and the proof of it.
   *
   * @param row the row of {@code bank_keys} with the authority's signature, which anybody who has
   *     the root can verify
   */
  public record PublishedResolution(Resolution resolution, String row) {}

  /** As {@link #resolutions}, each with its proof. */
  public List<PublishedResolution> publishedResolutions(BankId bank) {
    return view.resolutions().stream()
        .filter(r -> r.record().bank().equals(bank) || r.record().targetBank().equals(bank))
        .map(r -> new PublishedResolution(r.record(), r.body()))
        .toList();
  }

  /**
   * How many rows were proven so far. It only rises, and depends only on which rows are visible.
   */
  public long version() {
    return view.proven().size();
  }

  /** Whether this very row was read and proven. */
  public boolean knows(RegistryRow row) {
    return view.proven().contains(row.name());
  }

  /**
   * Whether readers could prove this row, for who is about to publish it; says nothing about
   * numbers.
   */
  public boolean provable(RegistryRow row) {
    return verifier.verify(row) instanceof RowVerifier.Verdict.Accepted;
  }

  /** The highest number of a statement that this bank signed itself, 0 before the first. */
  public long highestOwnNumber(BankId bank) {
    return view.records(bank).highestOwnNumber();
  }

  /** The rows that prove what this directory says about a bank, for {@link #verified}. */
  public List<String> records(BankId bank) {
    return view.records(bank).bodies();
  }

  /**
   * The rows whose loss would bring something back that is over: the licence in force, the newest
   * epoch under it, and revocations, the newest first. For who keeps them and verifies them
   * together with what he is given later.
   *
   * @param max how many rows at most, the first of them first
   */
  public List<String> lastWords(BankId bank, int max) {
    return view.records(bank).lastWords().stream().limit(max).toList();
  }

  /** How many rows were refused, by reason; of reasons that occurred. */
  public Map<Refusal, Long> refused() {
    synchronized (refreshing) {
      return Map.copyOf(refused);
    }
  }
}
