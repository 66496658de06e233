package org.interseal.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** An authority, two banks and the stores that gateways under test share with them. */
final class Federation implements AutoCloseable {
  final MutableClock clock = new MutableClock(TestAuthority.NOW);
  final SecureRandom random = new SecureRandom();
  final TestAuthority authority = new TestAuthority();
  final TestAuthority.TestBank bank = authority.bank("BKABXX00");
  final TestAuthority.TestBank otherBank = authority.bank("BKBBXX00");
  final TestAuthority.TestNode server = bank.server("server-1");
  final Store shared;
  final Store bankStore;
  private final Path directory;

  Federation(Path directory) throws Exception {
    this.directory = directory;
    this.shared = SqliteStore.openShared(directory.resolve("shared.db"), clock);
    this.bankStore = SqliteStore.openBank(directory.resolve("bank-" + bank.id() + ".db"), clock);
    Files.write(directory.resolve("root.der"), authority.root().der().toArray());
    publish(bank.licence(1, LicenceStatus.ACTIVE));
    publish(otherBank.licence(1, LicenceStatus.ACTIVE));
    publish(server.row());
  }

  void publish(RegistryRow row) {
    insert(shared.append(TableName.BANK_KEYS), row.toInsert(0));
  }

  /** A gateway on these stores, as configured besides. */
  Gateway gateway(String... properties) {
    return gateway(UnaryOperator.identity(), properties);
  }

  /** A gateway whose view of the shared store is altered. */
  Gateway gateway(UnaryOperator<Store> sharedStore, String... properties) {
    Map<String, Object> all = new HashMap<>();
    all.put("server.port", "0");
    all.put("server.address", "127.0.0.1");
    all.put("interseal.store.directory", directory.toString());
    all.put("interseal.bank", bank.id().value());
    all.put("interseal.node", "gateway-1");
    all.put("interseal.root-certificate", directory.resolve("root.der").toString());
    all.put("interseal.gateway.device-poll", "50ms");
    for (String property : properties) {
      String[] pair = property.split("=", 2);
      all.put(pair[0], pair[1]);
    }
    ConfigurableApplicationContext context =
        GatewayApplication.builder()
            .properties(all)
            .initializers(c -> {
              if (c instanceof GenericApplicationContext generic) {
                generic.registerBean(InstantSource.class, () -> clock);
                generic.registerBean(
                    "sharedStore", Store.class, () -> sharedStore.apply(openShared()));
              }
            })
            .run();
    return new Gateway(context, clock);
  }

  private Store openShared() {
    return SqliteStore.openShared(directory.resolve("shared.db"), clock);
  }

  /** A device with new keys that nobody linked. */
  TestDevice device() {
    return new TestDevice(this);
  }

  /** A device that a server of the bank linked. */
  TestDevice linkedDevice() {
    TestDevice device = device();
    register(device, 1, true, server.key());
    return device;
  }

  void register(TestDevice device, long revision, boolean linked, SigningKey by) {
    DeviceRegistration registration =
        DeviceRegistration.of(
            0,
            device.id(),
            revision,
            linked,
            linked ? device.requestKey().verificationKey().spki() : null);
    String body =
        SignedStatement.sign(
            DeviceRegistration.STATEMENT_TYPE, ProtocolJson.encode(registration), by);
    String id = Bytes.sha256(Bytes.utf8(body)).toBase64Url();
    insert(bankStore.append(TableName.DEVICES), new NewRow(DeviceRegistration.STREAM, id, body));
  }

  /** An envelope to a bank, which only that bank can open. */
  String seal(TestAuthority.TestBank to) {
    SigningKey author =
        SigningKey.generate(org.interseal.crypto.SignatureAlgorithm.ED25519, random);
    byte[] messageId = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(messageId);
    Letter letter =
        new Letter(
            Party.device(to.id(), author.verificationKey().id().value()),
            Party.bank(to.id()),
            "test.v1",
            Bytes.of(messageId),
            1,
            clock.instant(),
            clock.instant().plusSeconds(60),
            Bytes.utf8("{}"));
    return Envelope.seal(letter, author, to.decryption().encryptionKey(), 0, random);
  }

  /** Puts an item into a mailbox, as the bank's outbox does. */
  void post(
      TestDevice device, @org.jspecify.annotations.Nullable String inReplyTo, String envelope) {
    MailboxItem item = new MailboxItem(MailboxItem.VERSION, inReplyTo, envelope);
    String id = Bytes.sha256(Bytes.utf8(device.id() + inReplyTo + envelope)).toBase64Url();
    insert(
        bankStore.append(TableName.MAILBOX),
        new NewRow(device.id(), id, ProtocolJson.encodeText(item)));
  }

  /** What was submitted to a bank. */
  List<Row> transactions(TestAuthority.TestBank to) throws Exception {
    return shared
        .append(TableName.TRANSACTIONS)
        .readAfter(to.id().value(), org.interseal.store.Position.START, 1_000);
  }

  static void insert(AppendTable table, NewRow row) {
    InsertOutcome outcome = table.insert(List.of(row)).join().getFirst();
    if (!(outcome instanceof InsertOutcome.Inserted)) {
      throw new IllegalStateException("not inserted: " + outcome);
    }
  }

  @Override
  public void close() throws IOException {
    bankStore.close();
    shared.close();
  }
}
