package org.interseal.store.sqlite;

/** The file is not a store of the kind and format version that this program can read and write. */
public final class StoreFormatRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreFormatRefused(String message) {
    super(message);
  }
}
