package org.interseal.launcher.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.verify.LedgerArchive;

/** Archives that are read together. */
public final class Archives implements AutoCloseable {
  private final List<LedgerArchive> all = new ArrayList<>();

  private Archives() {}

  /**
   * @throws IOException when one of them is no archive, damaged or cut off
   */
  public static Archives open(List<Path> files) throws IOException {
    Archives archives = new Archives();
    try {
      for (Path file : files) {
        archives.all.add(LedgerArchive.open(file));
      }
      return archives;
    } catch (IOException | RuntimeException e) {
      archives.close();
      throw e;
    }
  }

  public List<LedgerArchive> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() throws IOException {
    for (LedgerArchive archive : all) {
      archive.close();
    }
  }
}
