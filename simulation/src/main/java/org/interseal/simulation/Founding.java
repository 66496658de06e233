package org.interseal.simulation;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.Peer;
import org.interseal.client.DeviceCore;
import org.interseal.client.DeviceKeyRing;
import org.interseal.client.DeviceMemory;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.Letter;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;

/**
 * Two banks with servers, branches, customers, money and linked devices, made once for all runs of
 * a process by production code: every run begins with a copy of these stores.
 */
final class Founding {
  static final List<String> BICS = List.of("BKAAXX00", "BKBBXX00");
  static final List<String> SERVERS = List.of("s1", "s2", "s3");
  static final long FUNDS_MINOR = 100_000;

  private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");
  private static final int CUSTOMERS_PER_BANK = 2;
  private static final long SEED = 20_261_120;
  private static final int MAX_STEPS = 1_000_000;
  private static final String TELLER = "teller";

  private final SecureRandom random = new SeededSecureRandom(SEED);
  private final Conductor conductor = new Conductor(SEED, BEGIN, 0);
  private final UnkindStore shared =
      UnkindStore.shared(SEED, conductor::now, conductor.scheduler(), Unkindness.none());
  private final Map<BankId, UnkindStore> own = new HashMap<>();
  private final List<Bank> banks = new ArrayList<>();
  private final List<Customer> customers = new ArrayList<>();
  private final RootCertificate root;
  private final BankDirectory directory;
  private final boolean sealedInEarnest;
  private final Map<Peer, Long> branchNumbers = new HashMap<>();

  /**
   * @param sealedInEarnest whether the suite in use protects what it seals
   * @param lastBanksPartitions of the last bank's ledger; the others have one
   */
  Founding(boolean sealedInEarnest, int lastBanksPartitions) {
    this.sealedInEarnest = sealedInEarnest;
    Authority authority = new Authority(random, shared, BEGIN);
    this.root = authority.root();
    for (String bic : BICS) {
      Bank bank =
          authority.found(bic, bic.equals(BICS.getLast()) ? lastBanksPartitions : 1, SERVERS);
      banks.add(bank);
      own.put(
          bank.id(),
          UnkindStore.bank(SEED, conductor::now, conductor.scheduler(), Unkindness.none()));
    }
    this.directory = newDirectory(shared);
    fund();
  }

  RootCertificate root() {
    return root;
  }

  boolean isSealedInEarnest() {
    return sealedInEarnest;
  }

  List<Bank> banks() {
    return banks;
  }

  List<Customer> customers() {
    return customers;
  }

  /** Of everything that was published; it never changes. */
  BankDirectory directory() {
    return directory;
  }

  /** When it was done. */
  Instant end() {
    return Instant.ofEpochMilli(conductor.millis());
  }

  UnkindStore shared() {
    return shared;
  }

  UnkindStore own(BankId bank) {
    return java.util.Objects.requireNonNull(own.get(bank));
  }

  private BankDirectory newDirectory(Store store) {
    try {
      BankDirectory made = BankDirectory.of(root, store);
      var _ = made.refresh();
      return made;
    } catch (InvalidKeyMaterial | StoreUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private void fund() {
    List<SimulatedServer> servers = new ArrayList<>();
    Ledgers ledgers = new Ledgers(banks.stream().map(Bank::id).toList());
    Map<BankId, List<Books>> books = new LinkedHashMap<>();
    for (Bank bank : banks) {
      SimulatedProcess process =
          new SimulatedProcess(
              conductor,
              bank.id() + "-founder",
              servers.size(),
              bug -> {
                throw new IllegalStateException(bug);
              });
      Link link = new Link(new SplittableRandom(SEED), 0);
      SimulatedServer server =
          new SimulatedServer(
              process,
              bank,
              SERVERS.getFirst(),
              new ProcessStore(process, link, shared.connect()),
              new ProcessStore(process, link, own(bank.id()).connect()),
              directory,
              List.of(bank.encryption(), bank.nextEncryption()),
              ServerDisk.empty(bank.partitions()),
              random,
              1_000);
      server.start();
      servers.add(server);
      books.put(
          bank.id(),
          IntStream.range(0, bank.partitions())
              .mapToObj(partition ->
                  new Books(bank, partition, own(bank.id()).observer(), directory, ledgers))
              .toList());
    }
    for (Bank bank : banks) {
      List<Books> of = java.util.Objects.requireNonNull(books.get(bank.id()));
      for (int i = 0; i < CUSTOMERS_PER_BANK; i++) {
        customers.add(
            customer(bank, of.get(i % bank.partitions()), "Customer " + bank.id() + " " + i));
      }
    }
    servers.forEach(SimulatedServer::stop);
    runFor(Duration.ofSeconds(10));
  }

  private Customer customer(Bank bank, Books books, String name) {
    int before = books.state().accountCount();
    branch(books, new BranchMessage.OpenAccount(TELLER, name, SimulatedServer.CZK, null));
    run(() -> books.state().accountCount() > before, books);
    Iban account =
        books
            .opened()
            .filter(opened -> opened.customerName().equals(name))
            .map(LedgerEvent.AccountOpened::account)
            .findFirst()
            .orElseThrow();
    branch(
        books,
        new BranchMessage.PayCashIn(
            TELLER, account, new Money(FUNDS_MINOR, SimulatedServer.CZK), "cash " + name));
    byte[] secret = new byte[ActivationCode.SECRET_BYTES];
    random.nextBytes(secret);
    branch(
        books,
        new BranchMessage.IssueActivationCode(
            TELLER, account, ActivationCode.hash(account, Bytes.of(secret))));
    DeviceMemory memory = DeviceCore.memory(DeviceKeyRing.generate(random));
    DeviceCore device = new DeviceCore(bank.id(), memory, conductor::now, random);
    runFor(Duration.ofSeconds(1));
    send(
        bank,
        device
            .seal(
                new DeviceMessage.ActivateDevice(
                    account, Bytes.of(secret), memory.keys().publicKeys(), "phone"),
                books.peer().partition(),
                bank.encryption().encryptionKey())
            .envelope());
    run(() -> books.state().device(memory.keys().deviceId()).isPresent(), books);
    return new Customer(name, bank.id(), account, memory);
  }

  private void branch(Books books, BranchMessage message) {
    Bank bank = books.bank();
    long number = branchNumbers.merge(books.peer(), 1L, Long::sum);
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    Letter letter =
        new Letter(
            Party.branch(bank.id(), Bank.BRANCH),
            Party.bank(bank.id()),
            MessageType.nameOf(message),
            Bytes.of(id),
            number,
            conductor.now(),
            conductor.now().plus(Duration.ofHours(1)),
            ProtocolJson.encode(message));
    send(
        bank,
        Envelope.seal(
            letter,
            bank.branch(),
            bank.encryption().encryptionKey(),
            books.peer().partition(),
            random));
  }

  private void send(Bank bank, String envelope) {
    var _ =
        shared
            .append(TableName.TRANSACTIONS)
            .insert(
                List.of(
                    new NewRow(
                        bank.id().value(), SubmissionId.rowId(bank.id(), envelope, 0), envelope)))
            .join();
  }

  private void run(BooleanSupplier until, Books books) {
    for (int i = 0; i < MAX_STEPS; i++) {
      if (i % 50 == 0) {
        Ledgers.follow(List.of(books));
        if (until.getAsBoolean()) {
          return;
        }
      }
      if (!conductor.step()) {
        break;
      }
    }
    throw new IllegalStateException("the founding does not get on");
  }

  private void runFor(Duration duration) {
    long end = conductor.nowNanos() + duration.toNanos();
    while (conductor.nowNanos() < end && conductor.step()) {}
  }
}
