package org.interseal.bank.outbox;

import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.store.StoreUnavailable;

/**
 * Signs again, as this server, what an evicted one may have signed and nobody has taken yet:
 * answers to other banks, notices and answers in mailboxes, and what gateways know of devices. Who
 * reads them believes no revoked server. Recipients tell repetitions by number and message id.
 *
 * <p>A little at each {@link #step}, so that the ledger goes on meanwhile. {@link #add} is
 * thread-safe; {@link #step} is for one thread at a time.
 */
final class Resigning {
  static final int BLOCKS_PER_STEP = 16;
  static final int DEVICES_PER_STEP = 500;

  /** No step is made while so many messages are on their way. */
  static final int MAX_UNDER_WAY = 2_000;

  /** An eviction, and how far its work has come. */
  private static final class Job {
    final ChainHead head;
    final EvictedReach reach;
    final Iterator<OutgoingMessage.DeviceRecord> registrations;
    final Runnable done;
    boolean reported;

    /** The next block to look at, downwards. */
    long next;

    long oldestMillis = Long.MIN_VALUE;

    Job(
        Set<String> servers,
        ChainHead head,
        Iterator<OutgoingMessage.DeviceRecord> registrations,
        Runnable done) {
      this.head = head;
      this.reach = new EvictedReach(servers, head.height());
      this.registrations = registrations;
      this.done = done;
      this.next = head.height();
    }
  }

  private final String edition;
  private final OutboxLedger ledger;
  private final InterbankMail interbank;
  private final DeviceMail devices;
  private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param edition part of the ids of rows that are signed again: theirs are taken
   */
  Resigning(String edition, OutboxLedger ledger, InterbankMail interbank, DeviceMail devices) {
    this.edition = edition;
    this.ledger = ledger;
    this.interbank = interbank;
    this.devices = devices;
  }

  /**
   * @param servers names of those that the block evicts
   * @param head the block that evicts them
   * @param done runs once, when all is durable
   */
  void add(Set<String> servers, ChainHead head, Runnable done) {
    jobs.add(new Job(servers, head, ledger.devices().iterator(), done));
  }

  /**
   * Works for a moment, if there is anything to do.
   *
   * @throws StoreUnavailable when a block cannot be read now; the next step tries again
   */
  void step() throws StoreUnavailable {
    Job job = jobs.peek();
    if (job == null || underWay.get() >= MAX_UNDER_WAY) {
      return;
    }
    if (!job.reported) {
      job.reported = true;
      ledger
          .answers()
          .forEach((peer, reports) ->
              interbank.sendReports(peer, reports, job.head, begun(reports.size())));
    }
    for (int i = 0; i < DEVICES_PER_STEP && job.registrations.hasNext(); i++) {
      devices.send(job.registrations.next(), edition, begun(1));
    }
    if (job.registrations.hasNext()) {
      return;
    }
    if (walk(job) && underWay.get() == 0) {
      jobs.remove();
      job.done.run();
    }
  }

  private Runnable begun(int messages) {
    underWay.addAndGet(messages);
    return underWay::decrementAndGet;
  }

  /** Looks at older blocks; whether there is none left that matters. */
  private boolean walk(Job job) throws StoreUnavailable {
    for (int i = 0; i < BLOCKS_PER_STEP; i++) {
      WrittenBlock block = job.next < 1 ? null : ledger.written(job.next).orElse(null);
      if (block == null) {
        job.next = 0;
        return true;
      }
      boolean covered = job.reach.covers(job.next, block);
      BlockBody body = block.body();
      if (body != null) {
        if (job.oldestMillis == Long.MIN_VALUE) {
          job.oldestMillis = body.timeMillis() - LetterSealer.NOTICE_LIFE.toMillis();
        }
        if (body.timeMillis() < job.oldestMillis) {
          // Letters of that time have expired.
          job.next = 0;
          return true;
        }
        if (covered) {
          send(block);
        }
      }
      job.next--;
    }
    return false;
  }

  private void send(WrittenBlock block) {
    for (int index = 0; index < block.messages().size(); index++) {
      DeviceMail.Place place = new DeviceMail.Place(block.hash(), index, edition);
      switch (block.messages().get(index)) {
        case OutgoingMessage.ToDevice notice -> {
          // What is not final comes before the final notice, and never after it.
          if (notice.terminal()) {
            devices.send(place, notice, begun(1));
          }
        }
        case OutgoingMessage.StatementToDevice asked -> devices.send(place, asked, begun(1));
        case OutgoingMessage.ToBranch answer -> devices.send(place, answer, begun(1));
        case OutgoingMessage.DeviceRecord _,
            OutgoingMessage.TransferTo _,
            OutgoingMessage.ReportTo _ -> {
          // From the state: transfers without an answer, answers that are awaited, all devices.
        }
      }
    }
  }
}
