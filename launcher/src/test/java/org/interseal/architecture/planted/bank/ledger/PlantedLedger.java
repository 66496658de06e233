package org.interseal.architecture.planted.bank.ledger;

import java.io.File;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.interseal.architecture.planted.bank.chain.PlantedChain;
import org.interseal.architecture.planted.bank.inbox.PlantedInbox;
import org.interseal.architecture.planted.bank.outbox.PlantedOutbox;
import org.interseal.architecture.planted.bank.processing.PlantedProcessing;
import org.interseal.store.Store;
import org.interseal.store.sqlite.SqliteStore;
import org.springframework.core.env.Environment;

/** A ledger with floating point and with everything that it must not know. */
public final class PlantedLedger {
  static final Object[] KNOWS = {
    Environment.class,
    Path.class,
    FileChannel.class,
    URI.class,
    Executor.class,
    Connection.class,
    SecureRandom.class,
    Clock.class,
    File.class,
    FileInputStream.class,
    RandomAccessFile.class,
    Store.class,
    SqliteStore.class,
    PlantedInbox.class,
    PlantedOutbox.class,
    PlantedProcessing.class,
    PlantedChain.class
  };

  public final double amount = 1;
  final float share = 1;
  final Double boxed = amount;
  final Float boxedShare = share;
}
