package org.interseal.simulation;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.KeyId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.EncryptionEpoch;
import org.interseal.protocol.registry.NodeRevocation;
import org.interseal.protocol.registry.RegistryRecord;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What a bank's operators publish to evict a server, as its founding code does: the revocation of
 * its certificate, then a new epoch whose key the others have already. Its database user is left to
 * it: what it can do with that is to be seen.
 */
final class Eviction {
  private static final DurableInsert.Limits LIMITS = new DurableInsert.Limits(32, 5_000, 50);
  private static final long RETRY_MILLIS = 500;

  private final SimulatedProcess operators;
  private final Bank bank;
  private final String node;
  private final BankDirectory directory;
  private final DurableInsert rows;

  /**
   * @param directory over the same store
   */
  Eviction(
      SimulatedProcess operators,
      Bank bank,
      String node,
      Store shared,
      BankDirectory directory,
      RandomGenerator random) {
    this.operators = operators;
    this.bank = bank;
    this.node = node;
    this.directory = directory;
    this.rows =
        new DurableInsert(
            shared,
            TableName.BANK_KEYS,
            DurableInsert.ReadBy.CURSOR,
            LIMITS,
            Scheduler.on(new SimulatedExecutor(operators, 1)),
            operators::nanoTime,
            random);
  }

  Bank bank() {
    return bank;
  }

  String node() {
    return node;
  }

  KeyId key() {
    return bank.server(node).verificationKey().id();
  }

  /**
   * @param devices what devices know, to be kept fresh
   * @param written whether every chain of the bank evicts the server
   */
  void begin(BankDirectory devices, BooleanSupplier written) {
    operators.spawn(() -> {
      publish(revocation());
      readUntilRevoked(directory);
      // The operators take the database user away first, so that the server writes no block after
      // the new epoch, under which it would find letters that it cannot read.
      while (!written.getAsBoolean()) {
        operators.sleep(RETRY_MILLIS);
      }
      int epoch = directory.bank(bank.id()).orElseThrow().epoch() + 1;
      publish(
          RegistryRow.of(
              new EncryptionEpoch(
                  RegistryRecord.VERSION,
                  bank.id(),
                  directory.highestOwnNumber(bank.id()) + 1,
                  epoch,
                  bank.nextEncryption().encryptionKey().spki()),
              bank.certificate(),
              bank.certifying()));
      readUntilEpoch(devices, epoch);
    });
  }

  private RegistryRow revocation() {
    Party server = Party.server(bank.id(), node);
    CertifiedParty certified =
        directory.nodes(bank.id(), PartyRole.SERVER, operators.instant()).stream()
            .filter(known -> known.party().equals(server))
            .findFirst()
            .orElseThrow();
    return RegistryRow.of(
        new NodeRevocation(
            RegistryRecord.VERSION,
            bank.id(),
            directory.highestOwnNumber(bank.id()) + 1,
            node,
            certified.serial()),
        bank.certificate(),
        bank.certifying());
  }

  private void publish(RegistryRow row) {
    while (!(insert(row) instanceof DurableInsert.Result.Durable)) {
      operators.sleep(RETRY_MILLIS);
    }
  }

  private DurableInsert.Result insert(RegistryRow row) {
    try {
      return rows.insert(List.of(row::toInsert)).get().getFirst();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readUntilRevoked(BankDirectory reader) {
    while (!reader.revoked(bank.id(), key())) {
      read(reader);
    }
  }

  private void readUntilEpoch(BankDirectory reader, int epoch) {
    readUntilRevoked(reader);
    while (reader.bank(bank.id()).orElseThrow().epoch() < epoch) {
      read(reader);
    }
  }

  private void read(BankDirectory reader) {
    try {
      var _ = reader.refresh();
    } catch (StoreUnavailable e) {
      // The next one may read more.
    }
    operators.sleep(RETRY_MILLIS);
  }
}
