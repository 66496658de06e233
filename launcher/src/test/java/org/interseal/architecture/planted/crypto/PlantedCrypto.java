package org.interseal.architecture.planted.crypto;

import java.io.File;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Clock;
import java.time.InstantSource;
import org.interseal.store.Store;
import org.springframework.core.env.Environment;

/** Cryptography that looks at clocks, knows frameworks and stores, and does its own I/O. */
public final class PlantedCrypto {
  static final Object[] KNOWS = {
    Environment.class,
    Store.class,
    Clock.class,
    InstantSource.class,
    Files.class,
    File.class,
    FileOutputStream.class,
    RandomAccessFile.class,
    SocketChannel.class,
    Socket.class,
    Connection.class
  };

  public void log() {
    System.out.println("a secret");
  }
}
