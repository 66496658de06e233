package org.interseal.launcher.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.bank.ledger.BlockBody;

/**
 * What the blocks of one chain say that they relied on in the tables that members share: messages,
 * by the hash of their bytes, and how many of the registry's records had been proved.
 */
final class Reliance {
  /** Length of a submission id; what the bank tells itself has references of other lengths. */
  private static final int SUBMISSION_LENGTH = 43;

  /** The first block that relied on so many proven records. */
  record RecordsNoted(long height, long version) {}

  private final Map<String, Long> submissions = new HashMap<>();
  private final List<RecordsNoted> records = new ArrayList<>();

  void note(long height, BlockBody body) {
    for (String reference : body.consumed()) {
      int slash = reference.indexOf('/');
      if (slash == SUBMISSION_LENGTH) {
        submissions.putIfAbsent(reference.substring(0, slash), height);
      }
    }
    if (records.isEmpty() || body.registryVersion() > records.getLast().version()) {
      records.add(new RecordsNoted(height, body.registryVersion()));
    }
  }

  /** Submission ids, each with the height of the first block that consumed it. */
  Map<String, Long> submissions() {
    return submissions;
  }

  /** The first block that relied on more than {@code proven} records. */
  Optional<RecordsNoted> beyond(long proven) {
    return records.stream().filter(noted -> noted.version() > proven).findFirst();
  }
}
