package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Scheduler;
import org.interseal.store.memory.VirtualTime;
import org.jspecify.annotations.Nullable;

/** One bank's chain with the keys of its servers; time stands unless a test waits for something. */
public final class ChainWorld {
  private static final String EVICTS = "evict ";
  public static final RetryTerms RETRIES =
      new RetryTerms(4, Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1));

  public final SecureRandom random = new SecureRandom();
  public final VirtualTime time = new VirtualTime(Instant.parse("2026-11-20T10:00:00Z"));
  public final ChainIdentity chain;
  public final AppendTable blocks;
  public final List<String> voids = new ArrayList<>();
  public final Periods periods;
  private final Map<String, SigningKey> nodes;
  private final @Nullable ScheduledExecutorService threads;

  public ChainWorld(BankId bank, AppendTable blocks) {
    this.chain = new ChainIdentity(bank, 0);
    this.blocks = blocks;
    this.periods = new Periods();
    this.nodes = new HashMap<>();
    this.threads = null;
    certify("s1");
    certify("s2");
  }

  private ChainWorld(
      ChainWorld same, AppendTable blocks, @Nullable ScheduledExecutorService threads) {
    this.chain = same.chain;
    this.blocks = blocks;
    this.periods = same.periods;
    this.nodes = same.nodes;
    this.threads = threads;
  }

  /** The same bank with the same keys on a table that answers in real time, from these threads. */
  public ChainWorld on(AppendTable otherBlocks, ScheduledExecutorService realThreads) {
    return new ChainWorld(this, otherBlocks, realThreads);
  }

  public ChainWorld(AppendTable blocks) {
    this(new BankId("BKABXX00"), blocks);
  }

  /**
   * Threads for a store in real time, which end without waiting for limits of answers that came
   * long ago.
   */
  public static ScheduledThreadPoolExecutor threads() {
    ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(4);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }

  /** The period keys of this bank, all wrapped to everybody. */
  public final class Periods implements PeriodKeys {
    private final Map<String, SecretKey256> keys = new HashMap<>();
    private String current = "1";

    Periods() {
      keys.put(current, SecretKey256.generate(new SecureRandom()));
    }

    void begin(String period) {
      keys.put(period, SecretKey256.generate(random));
      current = period;
    }

    void lose(String period) {
      keys.remove(period);
    }

    @Override
    public String currentPeriod() {
      return current;
    }

    @Override
    public Optional<SecretKey256> key(String periodId) {
      return Optional.ofNullable(keys.get(periodId));
    }
  }

  public void certify(String node) {
    nodes.put(node, SigningKey.generate(SignatureAlgorithm.ED25519, random));
  }

  public SigningKey key(String node) {
    SigningKey key = nodes.get(node);
    if (key == null) {
      throw new AssertionError("no node " + node);
    }
    return key;
  }

  public Optional<VerificationKey> trust(String node, KeyId key, ChainTip at) {
    return Optional.ofNullable(nodes.get(node))
        .map(SigningKey::verificationKey)
        .filter(known -> known.id().equals(key));
  }

  /**
   * Bodies that say "bad" are objected to, and any body "after x" that does not follow a body "x".
   * One made by {@link #eviction} evicts.
   */
  public static ChainContent content() {
    return new Bodies("", Set.of());
  }

  /** A body that evicts the node. */
  public String eviction(String node) {
    return EVICTS + key(node).verificationKey().id();
  }

  private record Bodies(String last, Set<KeyId> evicted) implements ChainContent {
    @Override
    public Next next(long height, int version, Bytes body) {
      String text = body.toUtf8();
      if (text.startsWith("bad") || (text.startsWith("after ") && !text.equals("after " + last))) {
        return new Next.Objection("planted");
      }
      boolean evicts = text.startsWith(EVICTS);
      Set<KeyId> all = new HashSet<>(evicted);
      if (evicts) {
        all.add(new KeyId(text.substring(EVICTS.length())));
      }
      return new Next.Fits(new Bodies(text, all), evicts);
    }

    @Override
    public boolean isEvicted(KeyId key) {
      return evicted.contains(key);
    }
  }

  /** What the bank says of formats is {@code approved <version>}. */
  private final class Trust implements NodeTrust {
    @Override
    public Optional<VerificationKey> keyOfWriter(String node, KeyId key, ChainTip at) {
      return trust(node, key, at);
    }

    @Override
    public boolean approvesFormat(int version, String approval) {
      return approval.equals("approved " + version);
    }
  }

  /** Before the first block. */
  public ChainTip start() {
    return chain.start(content());
  }

  public ChainValidator validator() {
    return new ChainValidator(chain, new Trust(), periods);
  }

  public ChainReader reader(ChainMemory memory) {
    return new ChainReader(
        chain,
        blocks,
        validator(),
        memory,
        (place, reason, detail) -> voids.add(place.rowId() + " " + reason));
  }

  public BlockSealer sealer(String node) {
    return new BlockSealer(chain, node, key(node), periods, random);
  }

  public ChainWriter writer(String node, ChainMemory memory) {
    return new ChainWriter(
        chain,
        blocks,
        reader(memory),
        validator(),
        sealer(node),
        memory,
        threads == null ? RETRIES : RetryTerms.DEFAULT,
        threads == null ? time : Scheduler.on(threads));
  }

  /** A document as the node would make it, whether or not it may. */
  public String document(String node, ChainTip tip, int attempt, long fence, String body)
      throws Exception {
    return sealer(node).seal(tip, attempt, fence, Bytes.utf8(body)).text();
  }

  /** The same under a key that nobody else has, in a period of that name. */
  public String inPeriod(String period, String node, ChainTip tip, int attempt, String body)
      throws Exception {
    SecretKey256 secret = SecretKey256.generate(random);
    PeriodKeys own =
        new PeriodKeys() {
          @Override
          public String currentPeriod() {
            return period;
          }

          @Override
          public Optional<SecretKey256> key(String periodId) {
            return Optional.of(secret);
          }
        };
    BlockSealer sealer = new BlockSealer(chain, node, key(node), own, random);
    return sealer
        .sealIn(period, BlockHeader.VERSION, tip, attempt, tip.fence(), Bytes.utf8(body))
        .text();
  }

  public Judgement judge(ChainTip tip, int attempt, String document) throws Exception {
    return validator().judge(new Row("p00", tip.next(attempt).rowId(), document, 1), tip, attempt);
  }

  /** Lets time pass until it is there. */
  public <T> T await(CompletableFuture<T> future) {
    if (threads != null) {
      return future.orTimeout(60, TimeUnit.SECONDS).join();
    }
    for (int i = 0; i < 10_000 && !future.isDone(); i++) {
      time.advance(10);
    }
    assertThat(future.isDone()).as("done after 100 s").isTrue();
    return future.join();
  }

  public ChainedBlock appended(AppendResult result) {
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
    return ((AppendResult.Appended) result).block();
  }

  /**
   * A writer that took over, and the chain with that many bodies {@code body-2}, {@code body-3}, ….
   */
  public List<ChainedBlock> grow(ChainWriter writer, ChainTip from, int bodies) {
    List<ChainedBlock> grown = new ArrayList<>();
    grown.add(appended(await(writer.appendFence(from, from.fence() + 1))));
    for (int i = 0; i < bodies; i++) {
      ChainTip tip = grown.getLast().tip();
      grown.add(appended(await(writer.append(tip, Bytes.utf8("body-" + (tip.height() + 1))))));
    }
    return grown;
  }
}
