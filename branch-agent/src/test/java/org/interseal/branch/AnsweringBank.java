package org.interseal.branch;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Letter;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/** A fake bank at work: follows the shared store and answers in the branch's mailbox. */
final class AnsweringBank {
  /** What to answer; empty keeps silent. */
  @FunctionalInterface
  interface Manner {
    Optional<String> row(Letter letter, BranchNotice notice);
  }

  final List<Letter> letters = new ArrayList<>();
  private final FakeBank bank;
  private final Set<Bytes> decided = new HashSet<>();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile Manner manner;
  private volatile boolean stopped;

  AnsweringBank(FakeBank bank, InstantSource clock) {
    this.bank = bank;
    this.manner = (letter, notice) -> Optional.of(bank.row(notice, clock.instant()));
  }

  void behave(Manner changed) {
    manner = changed;
  }

  /** How many answers stand in the mailbox. */
  int answered() {
    return answered.get();
  }

  void stop() {
    stopped = true;
  }

  synchronized List<Letter> letters() {
    return List.copyOf(letters);
  }

  /** Works until it is stopped. */
  void work(Store shared, Store bankStore) {
    StreamReader reader =
        new StreamReader(
            shared, shared.append(TableName.TRANSACTIONS), FakeBank.BANK.value(), Position.START);
    while (!stopped) {
      try {
        List<Row> rows = reader.poll(200);
        if (rows.isEmpty()) {
          LockSupport.parkNanos(2_000_000);
        } else {
          answer(rows, bankStore);
        }
      } catch (StoreUnavailable | FakeBank.Rejected e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void answer(List<Row> rows, Store bankStore) throws FakeBank.Rejected {
    List<NewRow> answers = new ArrayList<>();
    for (Row row : rows) {
      Letter letter = bank.open(TaggedEnvelope.of(row.body()).envelope());
      if (!decided.add(letter.messageId())) {
        continue;
      }
      synchronized (this) {
        letters.add(letter);
      }
      manner
          .row(letter, bank.decide(letter))
          .ifPresent(body ->
              answers.add(
                  new NewRow(
                      MailboxItem.branchStream(FakeBank.BRANCH.name()),
                      letter.messageId().toHex(),
                      body)));
    }
    if (!answers.isEmpty()) {
      var _ = bankStore.append(TableName.MAILBOX).insert(answers).join();
      answered.addAndGet(answers.size());
    }
  }
}
