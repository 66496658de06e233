package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.bank.meters.BankMeters;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.RunningTime;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;

class BatchWriterTest {
  private static DurableInsert.Content row(String id) {
    return attempt -> new NewRow("owner", id, "body");
  }

  private static BatchWriter writer(RowInsert insert) {
    return new BatchWriter(
        TableName.MAILBOX,
        insert,
        10,
        Thread::new,
        RunningTime.real(),
        new BankMeters(new SimpleMeterRegistry()));
  }

  private static Outgoing outgoing(String id, Runnable done) {
    return new Outgoing(CompletableFuture.completedFuture(Optional.of(row(id))), null, done);
  }

  @Test
  void a_message_that_meets_a_bug_keeps_no_other_from_being_sent() throws Exception {
    CountDownLatch done = new CountDownLatch(3);
    AtomicInteger inserted = new AtomicInteger();
    RowInsert insert =
        rows -> {
          if (rows.stream().anyMatch(row -> row.row(0).id().equals("bad"))) {
            throw new IllegalArgumentException("planted");
          }
          inserted.addAndGet(rows.size());
          return rows.stream().map(_ -> true).toList();
        };
    try (BatchWriter writer = writer(insert)) {
      for (String id : List.of("one", "bad", "two")) {
        writer.add(outgoing(id, done::countDown));
      }
      writer.start();
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(inserted).hasValue(2);
  }
}
