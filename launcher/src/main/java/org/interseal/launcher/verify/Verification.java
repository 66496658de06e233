package org.interseal.launcher.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.bank.founding.WrappedKeys;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.processing.EvictionProofs;
import org.interseal.bank.processing.LedgerContent;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.bank.verify.ArchivedBlocks;
import org.interseal.bank.verify.BankBooks;
import org.interseal.bank.verify.FederationVerifier;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.bank.verify.TransferKey;
import org.interseal.bank.verify.VerificationReport;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.StoreFormatRefused;

/** One verification of a federation that is not running. */
final class Verification implements AutoCloseable {
  /** Each reads at least some ten thousand rows. */
  private static final int MAX_REGISTRY_READS = 1_000;

  private final ClosedFederation federation;
  private final Optional<Path> periodKeys;
  private final List<BadPlace> bad = new ArrayList<>();

  // Told last: what stands in a chain is worse.
  private final List<BadPlace> altered = new ArrayList<>();
  private final Map<BankId, Store> stores = new LinkedHashMap<>();
  private final List<Path> archiveFiles;
  private final List<LedgerArchive> archives = new ArrayList<>();
  private final Map<BankId, AppendTable> blocks = new LinkedHashMap<>();
  private final Map<BankId, PeriodKeys> keys = new LinkedHashMap<>();
  private final Map<ChainIdentity, LedgerAudit> audits = new LinkedHashMap<>();

  private Verification(
      ClosedFederation federation, Optional<Path> periodKeys, List<Path> archiveFiles) {
    this.federation = federation;
    this.periodKeys = periodKeys;
    this.archiveFiles = List.copyOf(archiveFiles);
  }

  /**
   * Verifies what is kept, as the command says it; changes nothing of it.
   *
   * @param periodKeys a directory of vaults with period keys; banks that have none there, or lack a
   *     period, are read with their server's keys
   * @param archives files with what was exported and may have been dropped
   * @throws IOException when something needed for judging cannot be read: keys, the root
   *     certificate
   */
  static VerifyReport of(
      ClosedFederation federation, Optional<Path> periodKeys, List<Path> archives)
      throws IOException {
    return verified(federation, periodKeys, archives).report();
  }

  /**
   * What was found.
   *
   * @param closed what of each chain is closed; counts only when nothing bad was found
   */
  record Verified(VerifyReport report, List<ClosedPart> closed) {
    Verified {
      closed = List.copyOf(closed);
    }
  }

  /** As {@link #of}. */
  static Verified verified(
      ClosedFederation federation, Optional<Path> periodKeys, List<Path> archives)
      throws IOException {
    try (Verification verification = new Verification(federation, periodKeys, archives)) {
      VerifyReport report = verification.run();
      return new Verified(
          report,
          verification.audits.values().stream()
              .flatMap(audit -> audit.openings().closed().stream())
              .toList());
    } catch (StoreUnavailable e) {
      throw new IOException("a store cannot be read: " + e.getMessage(), e);
    } catch (InvalidKeyMaterial e) {
      throw new IOException(
          "not a root certificate: " + federation.directory().rootCertificate(), e);
    }
  }

  private VerifyReport run() throws IOException, StoreUnavailable, InvalidKeyMaterial {
    openArchives();
    Optional<BadPlace> damage =
        federation.stores().sharedFile().flatMap(file -> DatabaseCheck.file(BadPlace.SHARED, file));
    if (damage.isPresent()) {
      // Without the proved records of who is who nothing else can be judged.
      return VerifyReport.of(damage.get());
    }
    try (Store shared = federation.stores().openShared()) {
      BankDirectory directory = BankDirectory.of(root(), shared);
      readToTheEnd(directory);
      List<BankBooks> books = books(directory);
      VerificationReport report = FederationVerifier.verify(books);
      report.findings().stream().map(BadPlace::of).forEach(bad::add);
      for (VerificationReport.ChainSummary chain : report.chains()) {
        remembered(chain);
        invariants(chain);
        bad.addAll(openings(chain.chain()));
      }
      blocks.forEach(this::noteDifferences);
      SharedTablesCheck.Result tables =
          SharedTablesCheck.of(
              shared,
              directory,
              reliances(),
              AuthorityJournal.read(federation.directory().authorityJournal()));
      bad.addAll(tables.bad());
      bad.addAll(altered);
      return VerifyReport.of(
          report.chains().stream().map(this::line).toList(), bad, tables.notes());
    } catch (StoreFormatRefused e) {
      return VerifyReport.of(
          BadPlace.inDatabase(BadPlace.SHARED, "DATABASE_DAMAGED", String.valueOf(e.getMessage())));
    }
  }

  /** One call reads only so much: behind somebody's flood stands what counts. */
  private static void readToTheEnd(BankDirectory directory) throws StoreUnavailable {
    for (int call = 0; call < MAX_REGISTRY_READS && directory.completeReads() == 0; call++) {
      var _ = directory.refresh();
    }
    if (directory.completeReads() == 0) {
      throw new StoreUnavailable("the registry's rows have no end");
    }
  }

  private Map<ChainIdentity, Reliance> reliances() {
    Map<ChainIdentity, Reliance> reliances = new LinkedHashMap<>();
    audits.forEach((chain, audit) -> reliances.put(chain, audit.reliance()));
    return reliances;
  }

  private RootCertificate root() throws IOException {
    return new RootCertificate(
        Bytes.of(Files.readAllBytes(federation.directory().rootCertificate())));
  }

  private List<BankBooks> books(BankDirectory directory) throws IOException, StoreUnavailable {
    Set<BankId> all = new LinkedHashSet<>(federation.banks());
    directory.banks().forEach(licensed -> all.add(licensed.bank()));
    List<BankBooks> books = new ArrayList<>();
    for (BankId bank : all) {
      books(bank, directory).ifPresent(books::add);
    }
    return books;
  }

  private Optional<BankBooks> books(BankId bank, BankDirectory directory)
      throws IOException, StoreUnavailable {
    Optional<Path> file = federation.stores().bankFile(bank);
    Optional<LicensedBank> licensed = directory.bank(bank);
    if (licensed.isEmpty() && file.filter(Files::exists).isEmpty()) {
      // Its founding never got so far.
      return Optional.empty();
    }
    Optional<BadPlace> damage =
        licensed.isEmpty()
            ? Optional.of(BadPlace.inDatabase(bank.value(), "LICENCE_MISSING", "no proved licence"))
            : file.flatMap(there -> DatabaseCheck.file(bank.value(), there));
    if (damage.isPresent()) {
      bad.add(damage.get());
      return Optional.empty();
    }
    Store own;
    try {
      own = federation.stores().openBank(bank);
    } catch (StoreFormatRefused | UncheckedIOException e) {
      bad.add(
          BadPlace.inDatabase(bank.value(), "DATABASE_DAMAGED", String.valueOf(e.getMessage())));
      return Optional.empty();
    }
    stores.put(bank, own);
    altered.addAll(DatabaseCheck.snapshots(bank, own));
    altered.addAll(DatabaseCheck.devices(bank, own, directory));
    Set<TransferKey> resolved = resolved(directory, bank);
    PeriodKeys periods = periods(bank, licensed.orElseThrow(), own);
    keys.put(bank, periods);
    return Optional.of(
        new BankBooks(
            bank,
            licensed.orElseThrow().partitions(),
            blocks(bank, own),
            new RegistryNodeTrust(bank, directory),
            periods,
            partition -> LedgerContent.empty(bank, partition, EvictionProofs.under(directory)),
            partition -> {
              LedgerAudit audit = new LedgerAudit(bank, partition, resolved);
              audits.put(new ChainIdentity(bank, partition), audit);
              return audit;
            }));
  }

  /** One that is damaged is no help, and named. */
  private void openArchives() {
    for (Path file : archiveFiles) {
      try {
        archives.add(LedgerArchive.open(file));
      } catch (IOException e) {
        bad.add(BadPlace.inDatabase("archive", "ARCHIVE_DAMAGED", String.valueOf(e.getMessage())));
      }
    }
  }

  private AppendTable blocks(BankId bank, Store own) {
    List<LedgerArchive> ofBank =
        archives.stream().filter(archive -> archive.header().bank().equals(bank)).toList();
    AppendTable kept = own.append(TableName.BLOCKS);
    AppendTable all = ofBank.isEmpty() ? kept : new ArchivedBlocks(kept, ofBank);
    blocks.put(bank, all);
    return all;
  }

  private void noteDifferences(BankId bank, AppendTable table) {
    if (table instanceof ArchivedBlocks archived) {
      archived.differing().stream()
          .sorted()
          .limit(DatabaseCheck.MAX_SHOWN)
          .forEach(id -> bad.add(BadPlace.inDatabase(bank.value(), "ARCHIVE_DIFFERS", id)));
    }
  }

  /** What new servers start from has to be what the chain leads to. */
  private List<BadPlace> openings(ChainIdentity chain) throws StoreUnavailable {
    Store own = stores.get(chain.bank());
    PeriodKeys periods = keys.get(chain.bank());
    if (own == null || periods == null) {
      throw new IllegalStateException("verified without its store: " + chain);
    }
    return audit(chain).openings().end(new OpeningLoader(chain, own, periods));
  }

  private static Set<TransferKey> resolved(BankDirectory directory, BankId bank) {
    return directory.resolutions(bank).stream()
        .map(r ->
            new TransferKey(
                r.bank(), r.partition(), r.targetBank(), r.targetPartition(), r.transferNumber()))
        .collect(Collectors.toSet());
  }

  private PeriodKeys periods(BankId bank, LicensedBank licensed, Store own)
      throws IOException, StoreUnavailable {
    Optional<KeyVault> given =
        periodKeys.isEmpty() ? Optional.empty() : PeriodVault.open(periodKeys.get(), bank);
    Optional<WrappedKeys> wrapped =
        given.isPresent() && !federation.hasServerVault(bank)
            ? Optional.empty()
            : Optional.of(wrapped(bank, licensed, own));
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return wrapped.map(WrappedKeys::currentPeriod).orElse("");
      }

      @Override
      public Optional<SecretKey256> key(String periodId) throws StoreUnavailable {
        Optional<SecretKey256> there = given.flatMap(keys -> PeriodVault.period(keys, periodId));
        return there.isPresent() || wrapped.isEmpty() ? there : wrapped.get().periodKey(periodId);
      }
    };
  }

  /** The server's keys, of which every row is looked at. */
  private WrappedKeys wrapped(BankId bank, LicensedBank licensed, Store own)
      throws IOException, StoreUnavailable {
    DecryptionKey nodeKey =
        federation
            .serverVault(bank)
            .decryptionKey(NodeKeys.ENCRYPTION_ALIAS)
            .orElseThrow(() ->
                new IOException("the vault of " + bank + "'s server has no key to open the books"));
    WrappedKeys keys =
        WrappedKeys.open(federation.server(bank), licensed.certifyingKey(), nodeKey, own);
    if (keys.ignored() > 0) {
      altered.add(
          BadPlace.inDatabase(
              bank.value(),
              "ROW_ALTERED",
              "wrapped_keys: " + keys.ignored() + " not wrapped by the bank"));
    }
    return keys;
  }

  /** Holds the chain against what each of the bank's servers saw of it. */
  private void remembered(VerificationReport.ChainSummary summary)
      throws IOException, StoreUnavailable {
    for (Path memory : federation.serverMemories(summary.chain().bank())) {
      // Opening it would make it.
      if (Files.exists(memory.resolve(summary.chain() + ".head"))) {
        remembered(summary, memory);
      }
    }
  }

  private void remembered(VerificationReport.ChainSummary summary, Path memory)
      throws StoreUnavailable {
    ChainIdentity chain = summary.chain();
    Optional<ChainMemory.Head> head;
    try (RememberedHeads heads = RememberedHeads.open(memory, chain)) {
      head = heads.remembered();
    } catch (UncheckedIOException e) {
      bad.add(
          new BadPlace(
              chain.bank().value(),
              chain.partition(),
              0,
              "MEMORY_DAMAGED",
              String.valueOf(e.getMessage())));
      return;
    }
    if (head.isPresent() && !stands(summary, head.get())) {
      bad.add(
          new BadPlace(
              chain.bank().value(),
              chain.partition(),
              head.get().height(),
              "REMEMBERED_HEAD_CONTRADICTED",
              (head.get().height() > summary.height() ? "no such block" : "another block")
                  + ", but the bank's own "
                  + memory.getFileName()
                  + " saw "
                  + head.get().hash().toHex()
                  + " there"));
    }
  }

  private boolean stands(VerificationReport.ChainSummary summary, ChainMemory.Head head)
      throws StoreUnavailable {
    if (head.height() >= summary.height()) {
      return head.height() == summary.height() && head.hash().equals(summary.hash());
    }
    AppendTable table = blocks.get(summary.chain().bank());
    if (table == null) {
      throw new IllegalStateException("verified without its store: " + summary.chain());
    }
    for (int attempt = 0; attempt < ChainPlace.MAX_ATTEMPTS; attempt++) {
      Optional<Row> row =
          table.find(new ChainPlace(summary.chain().partition(), head.height(), attempt).rowId());
      if (row.isEmpty()) {
        return false;
      }
      if (Bytes.sha256(Bytes.utf8(row.get().body())).equals(head.hash())) {
        return true;
      }
    }
    return false;
  }

  private void invariants(VerificationReport.ChainSummary summary) {
    ChainIdentity chain = summary.chain();
    for (String broken : audit(chain).brokenInvariants()) {
      bad.add(
          new BadPlace(
              chain.bank().value(),
              chain.partition(),
              summary.height(),
              "INVARIANT_BROKEN",
              broken));
    }
  }

  private LedgerAudit audit(ChainIdentity chain) {
    LedgerAudit audit = audits.get(chain);
    if (audit == null) {
      throw new IllegalStateException("no ledger was folded for " + chain);
    }
    return audit;
  }

  private VerifyReport.Chain line(VerificationReport.ChainSummary summary) {
    LedgerAudit audit = audit(summary.chain());
    Map<String, Long> customers = new TreeMap<>();
    audit
        .state()
        .customerTotals()
        .forEach((currency, minor) -> customers.put(currency.value(), minor));
    Map<String, Long> inFlight = new TreeMap<>();
    audit
        .state()
        .ownBalances()
        .filter(own ->
            own.account() instanceof LedgerAccount.InFlight
                || own.account() instanceof LedgerAccount.InFlightTo)
        .forEach(own -> inFlight.merge(own.currency().value(), own.balanceMinor(), Math::addExact));
    return new VerifyReport.Chain(
        summary.chain().bank().value(),
        summary.chain().partition(),
        summary.height(),
        summary.hash().toHex(),
        audit.blocks(),
        audit.consumed(),
        summary.voidRows(),
        audit.state().accountCount(),
        audit.state().deviceCount(),
        customers,
        inFlight);
  }

  @Override
  public void close() throws IOException {
    for (LedgerArchive archive : archives) {
      archive.close();
    }
    stores.values().forEach(Store::close);
  }
}
