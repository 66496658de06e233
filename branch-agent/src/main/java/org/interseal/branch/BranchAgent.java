package org.interseal.branch;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/** The running branch: one thread sends, one follows the mailbox. */
final class BranchAgent implements AutoCloseable {
  private static final long STOP_LIMIT_MILLIS = 10_000;
  private static final Duration TAG_KEYS_PUBLISHED = Duration.ofSeconds(5);

  /**
   * Who the branch is.
   *
   * @param signing of its node certificate
   * @param encryption what answers are sealed to
   */
  record Identity(BankId bank, String name, SigningKey signing, DecryptionKey encryption) {
    Party party() {
      return Party.branch(bank, name);
    }
  }

  /** What the branch remembers. */
  record Memory(BranchJournal journal, RequestBook book) {}

  private final Identity identity;
  private final BankDirectory directory;
  private final InstantSource clock;
  private final RowTagger tagger;
  private final Outbox outbox;
  private final MailboxFollower follower;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("branch-retries").factory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread sender;
  private final Thread receiver;

  private BranchAgent(
      Identity identity,
      BankDirectory directory,
      Store shared,
      Store bankStore,
      Memory memory,
      InstantSource clock,
      SecureRandom random,
      BranchMeters meters) {
    this.identity = identity;
    this.directory = directory;
    this.clock = clock;
    LetterSealer sealer =
        new LetterSealer(
            identity.party(),
            identity.bank(),
            identity.signing(),
            () -> directory.bank(identity.bank()).map(LicensedBank::encryptionKey),
            () -> directory.bank(identity.bank()).map(LicensedBank::partitions).orElse(1),
            random);
    DurableInsert insert =
        new DurableInsert(
            shared,
            TableName.TRANSACTIONS,
            DurableInsert.ReadBy.CURSOR,
            DurableInsert.Limits.DEFAULT,
            Scheduler.on(retries),
            System::nanoTime,
            random);
    this.tagger =
        new RowTagger(
            shared,
            identity.party(),
            identity.signing(),
            () -> List.of(identity.bank()),
            bank -> directory.bank(bank).map(LicensedBank::encryptionKey),
            clock,
            random);
    this.outbox =
        new Outbox(
            memory.book(),
            memory.journal(),
            sealer,
            envelopes -> post(insert, tagger, identity.bank(), envelopes),
            new LetterTrail(identity.bank())::stored,
            clock,
            callbacks);
    AnswerReader answers =
        new AnswerReader(
            identity.party(),
            identity.bank(),
            identity.encryption(),
            directory.authorKeys(clock::instant),
            memory.book());
    this.follower =
        new MailboxFollower(
            bankStore,
            identity.party(),
            memory.book().mailbox(),
            answers,
            outbox,
            clock,
            meters::mailboxRow);
    this.sender = Thread.ofPlatform().daemon().name("branch-outbox").unstarted(outbox::run);
    this.receiver = Thread.ofPlatform().daemon().name("branch-mailbox").unstarted(follower::run);
  }

  /** Starts both threads. */
  static BranchAgent start(
      Identity identity,
      BankDirectory directory,
      Store shared,
      Store bankStore,
      Memory memory,
      InstantSource clock,
      SecureRandom random,
      BranchMeters meters) {
    BranchAgent agent =
        new BranchAgent(identity, directory, shared, bankStore, memory, clock, random, meters);
    agent.tagger.start(agent.retries, TAG_KEYS_PUBLISHED);
    agent.sender.start();
    agent.receiver.start();
    return agent;
  }

  private static CompletableFuture<List<Boolean>> post(
      DurableInsert insert, RowTagger tagger, BankId bank, List<String> envelopes) {
    List<DurableInsert.Content> contents =
        envelopes.stream()
            .<DurableInsert.Content>map(envelope -> attempt -> tagger.row(bank, envelope, attempt))
            .toList();
    return insert
        .insert(contents)
        .thenApply(results ->
            results.stream().map(DurableInsert.Result.Durable.class::isInstance).toList());
  }

  Outbox outbox() {
    return outbox;
  }

  /** What keeps the branch from working, or empty. */
  Optional<String> unreadiness() {
    if (!outbox.isHealthy() || !sender.isAlive()) {
      return Optional.of("the journal cannot be written");
    }
    if (!receiver.isAlive() || !follower.isFollowing()) {
      return Optional.of("the mailbox is not followed");
    }
    if (directory.bank(identity.bank()).isEmpty()) {
      return Optional.of("no licence of the bank is known");
    }
    boolean certified =
        directory
            .node(
                identity.bank(),
                org.interseal.identity.PartyRole.BRANCH,
                identity.signing().verificationKey().id(),
                clock.instant())
            .isPresent();
    return certified ? Optional.empty() : Optional.of("no certificate of this branch is published");
  }

  /**
   * Ends after the batch in hand; what was not taken fails, what was taken goes on at the next
   * start.
   */
  @Override
  public void close() {
    outbox.stop();
    receiver.interrupt();
    try {
      sender.join(STOP_LIMIT_MILLIS);
      receiver.join(STOP_LIMIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    retries.shutdownNow();
    callbacks.shutdown();
  }
}
