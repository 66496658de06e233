package org.interseal.simulation;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ForgedBlock;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.BlockDraft;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Who has an evicted server's files, and its database user still: writes blocks at the chain's end,
 * and letters to everybody that its servers wrote to.
 */
final class Forger {
  private static final int ROUNDS = 12;
  private static final long PAUSE_MILLIS = 150;
  private static final int ATTEMPTS = 3;

  /** Far from the numbers that honest servers use. */
  private static final long NUMBER = 500;

  private static final long AMOUNT_MINOR = 4_200;

  private final SimulatedProcess process;
  private final Eviction eviction;
  private final List<Books> books;
  private final Bank victim;
  private final List<Books> victims;
  private final Ledgers ledgers;
  private final List<SimulatedDevice> devices;
  private final Store shared;
  private final Store own;
  private final BooleanSupplier everybodyKnows;
  private final SecureRandom random;
  private int blockRounds;
  private int letterRounds;

  /**
   * @param books of each partition of the bank
   * @param victim another bank, whose chains {@code victims} reads
   * @param devices of both banks
   * @param everybodyKnows whether all who read letters and notices know of the eviction: before
   *     that they may believe what the server signs
   */
  Forger(
      SimulatedProcess process,
      Eviction eviction,
      List<Books> books,
      Bank victim,
      List<Books> victims,
      Ledgers ledgers,
      List<SimulatedDevice> devices,
      Store shared,
      Store own,
      BooleanSupplier everybodyKnows,
      SecureRandom random) {
    this.process = process;
    this.eviction = eviction;
    this.books = books;
    this.victim = victim;
    this.victims = victims;
    this.ledgers = ledgers;
    this.devices = devices;
    this.shared = shared;
    this.own = own;
    this.everybodyKnows = everybodyKnows;
    this.random = random;
  }

  void start() {
    process.spawn(this::forge);
  }

  /** Whether it did all that it could think of. */
  boolean isDone() {
    return blockRounds >= ROUNDS
        && letterRounds >= ROUNDS
        && books.stream().allMatch(of -> of.state().isEvicted(eviction.key()));
  }

  private void forge() {
    while (!isDone()) {
      process.sleep(PAUSE_MILLIS + random.nextLong(PAUSE_MILLIS));
      Books of = books.get(random.nextInt(books.size()));
      if (blockRounds < ROUNDS && of.state().isEvicted(eviction.key())) {
        blockRounds++;
        blocks(of);
      }
      if (letterRounds < ROUNDS && everybodyKnows.getAsBoolean()) {
        letterRounds++;
        transfer();
        reports();
        notices();
      }
    }
  }

  private Bank bank() {
    return eviction.bank();
  }

  private SigningKey key() {
    return bank().server(eviction.node());
  }

  private void insert(Store store, TableName table, NewRow row) {
    var _ = store.append(table).insert(List.of(row));
  }

  private void blocks(Books of) {
    of.read();
    ChainTip tip = of.tip();
    boolean fence = random.nextBoolean();
    int attempts = 1 + random.nextInt(ATTEMPTS);
    for (int attempt = 0; attempt < attempts; attempt++) {
      insert(
          own,
          TableName.BLOCKS,
          ForgedBlock.row(
              new ChainIdentity(bank().id(), tip.partition()),
              eviction.node(),
              key(),
              bank().periods(),
              random,
              tip,
              attempt,
              fence ? tip.fence() + 1 : tip.fence(),
              fence ? Bytes.of(new byte[0]) : nothing(of.state())));
    }
  }

  /** The content of a block in which nothing happens. */
  private static Bytes nothing(LedgerState state) {
    BlockDraft empty = new BlockDraft(state, 0, state.ledgerTimeMillis());
    return BlockCodec.encode(empty.body(state.cursor(), state.outboxDoneHeight(), null));
  }

  private Payment payment(Customer payee) {
    Customer payer =
        devices.stream()
            .map(SimulatedDevice::customer)
            .filter(customer -> customer.bank().equals(bank().id()))
            .findFirst()
            .orElseThrow();
    return new Payment(
        "forged-" + letterRounds,
        "e2e-forged-" + letterRounds,
        new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63)),
        new PartyAccount(payer.name(), payer.account(), payer.bank()),
        new PartyAccount(payee.name(), payee.account(), payee.bank()),
        new Money(AMOUNT_MINOR, SimulatedServer.CZK),
        null,
        "forged",
        null,
        ChargeBearer.SLEV,
        LocalDate.ofInstant(process.instant(), ZoneOffset.UTC));
  }

  /** Money from nowhere. */
  private void transfer() {
    Customer payee =
        devices.stream()
            .map(SimulatedDevice::customer)
            .filter(customer -> customer.bank().equals(victim.id()))
            .findFirst()
            .orElseThrow();
    send(
        payee.account().partition(),
        new InterbankMessage.TransferBatch(
            0,
            payee.account().partition(),
            1,
            List.of(
                new InterbankMessage.Transfer(
                    NUMBER + letterRounds, newMessageId(), payment(payee)))));
  }

  /** The wrong answer to each transfer that waits for one. */
  private void reports() {
    for (Books victims : this.victims) {
      victims
          .state()
          .outstanding()
          .filter(transfer -> transfer.target().bank().equals(bank().id()))
          .limit(InterbankMessage.MAX_ITEMS)
          .toList()
          .forEach(transfer -> report(victims.peer(), transfer));
    }
  }

  private void report(Peer source, OutstandingTransfer transfer) {
    int partition = transfer.target().partition();
    ChainTip tip = books.get(partition).tip();
    ChainHead head = new ChainHead(bank().id(), partition, tip.height(), tip.hash());
    long number = transfer.transfer().number();
    boolean credited = ledgers.isCredited(source, transfer.target(), number);
    send(
        source.partition(),
        new InterbankMessage.ReportBatch(
            source.partition(),
            partition,
            List.of(
                new InterbankMessage.Report(
                    number,
                    transfer.digest(),
                    credited ? TransactionStatus.RJCT : TransactionStatus.ACCC,
                    credited ? ReasonCode.AC04 : null)),
            SignedStatement.sign(ChainHead.STATEMENT_TYPE, ProtocolJson.encode(head), key())));
  }

  private void send(int partition, InterbankMessage message) {
    String envelope =
        Envelope.seal(
            letter(Party.bank(victim.id()), message),
            key(),
            victim.encryption().encryptionKey(),
            partition,
            random);
    insert(
        shared,
        TableName.TRANSACTIONS,
        new NewRow(victim.id().value(), SubmissionId.rowId(victim.id(), envelope, 0), envelope));
  }

  /** Of money that never came, and that a gateway should refuse the device. */
  private void notices() {
    for (SimulatedDevice device : devices) {
      Customer customer = device.customer();
      if (customer.bank().equals(bank().id())) {
        String deviceId = customer.memory().keys().deviceId();
        String envelope =
            Envelope.seal(
                letter(
                    Party.device(bank().id(), deviceId),
                    new DeviceNotice.CreditReceived(
                        customer.account(), payment(customer), process.millis())),
                key(),
                customer.memory().keys().encryption().encryptionKey(),
                0,
                random);
        insert(
            own,
            TableName.MAILBOX,
            new NewRow(
                deviceId,
                newMessageId().toBase64Url(),
                ProtocolJson.encodeText(new MailboxItem(MailboxItem.VERSION, null, envelope))));
        DeviceRegistration unlinked =
            DeviceRegistration.of(
                customer.account().partition(), deviceId, NUMBER + letterRounds, false, null);
        insert(
            own,
            TableName.DEVICES,
            new NewRow(
                DeviceRegistration.STREAM,
                unlinked.rowId(),
                SignedStatement.sign(
                    DeviceRegistration.STATEMENT_TYPE, ProtocolJson.encode(unlinked), key())));
      }
    }
  }

  private Letter letter(Party recipient, Object message) {
    return new Letter(
        Party.server(bank().id(), eviction.node()),
        recipient,
        MessageType.nameOf(message),
        newMessageId(),
        0,
        process.instant(),
        process.instant().plus(Duration.ofHours(1)),
        ProtocolJson.encode(message));
  }

  private Bytes newMessageId() {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    return Bytes.of(id);
  }
}
