package org.interseal.bank.outbox;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.store.DurableInsert;
import org.interseal.store.RunningTime;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Everything that an outbox is made of.
 *
 * @param key certified for {@code node}
 * @param tagger makes this server's rows for other banks
 * @param sealers threads that may be kept busy
 * @param statements threads that may wait for the store
 */
public record OutboxAssembly(
    BankId bank,
    int partition,
    String node,
    SigningKey key,
    OutboxLimits limits,
    Store shared,
    Store own,
    Addresses addresses,
    OutboxLedger ledger,
    Executor sealers,
    Executor statements,
    Scheduler scheduler,
    ThreadFactory threads,
    RunningTime time,
    InstantSource clock,
    SecureRandom random,
    RowTagger tagger,
    BankMeters meters) {

  /**
   * @param doneHeight up to which everything owed was sent before
   */
  public Outbox assemble(long doneHeight) {
    LetterSealer sealer = new LetterSealer(Party.server(bank, node), key, clock, random, meters);
    DurableInsert transactions =
        new DurableInsert(
            shared,
            TableName.TRANSACTIONS,
            DurableInsert.ReadBy.CURSOR,
            DurableInsert.Limits.DEFAULT,
            scheduler,
            time::nanoTime,
            random);
    OutboxWriters writers =
        new OutboxWriters(
            writer(TableName.TRANSACTIONS, RowInsert.durably(transactions)),
            writer(TableName.MAILBOX, new MailboxInsert(own, TableName.MAILBOX, false, time)),
            writer(TableName.DEVICES, new MailboxInsert(own, TableName.DEVICES, true, time)));
    InterbankMail interbank =
        new InterbankMail(
            partition, sealer, tagger, addresses, ledger, sealers, writers.transactions());
    DeviceMail devices =
        new DeviceMail(
            bank,
            partition,
            sealer,
            addresses,
            ledger,
            sealers,
            statements,
            scheduler,
            writers.mailbox(),
            writers.devices());
    String edition = key.verificationKey().id().value();
    return new Outbox(limits, ledger, writers, interbank, devices, edition, doneHeight, time);
  }

  private BatchWriter writer(TableName table, RowInsert insert) {
    return new BatchWriter(table, insert, limits.batchRows(), threads, time, meters);
  }
}
