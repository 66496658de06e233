package org.interseal.benchmarks;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.TagKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.message.SubmissionId;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a row of junk costs: opened, as every row was, or tried against the tag keys of all writers
 * and passed over.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JunkBenchmark {
  private static final BankId BANK = new BankId("BKABXX00");

  @Param({"4", "200"})
  int writers;

  private final SecureRandom random = new SecureRandom();
  private final SigningKey author = SigningKey.generate(SignatureAlgorithm.ED25519, random);
  private final DecryptionKey recipient = DecryptionKey.generate(random);
  private final Bytes wrongTag = Bytes.of(new byte[TagKey.TAG_BYTES]);
  private final List<TagKey> keys = new ArrayList<>();
  private String junk = "";

  /** Sealed as it should be, so that only opening shows that nobody known wrote it. */
  @Setup
  public void make() {
    Letter letter =
        new Letter(
            Party.device(BANK, "nobody"),
            Party.bank(BANK),
            "payment.instruct.v1",
            Bytes.of(new byte[16]),
            1,
            java.time.Instant.ofEpochMilli(1_800_000_000_000L),
            java.time.Instant.ofEpochMilli(1_800_000_060_000L),
            Bytes.of(new byte[700]));
    junk = Envelope.seal(letter, author, recipient.encryptionKey(), 0, random);
    for (int i = 0; i < writers; i++) {
      keys.add(TagKey.generate(random));
    }
  }

  @Benchmark
  public String opened() {
    try {
      return Envelope.open(
              junk,
              _ -> Optional.of(recipient),
              (_, _) -> Optional.empty(),
              _ -> true,
              Optional.empty())
          .toString();
    } catch (CryptoFailure e) {
      return e.reason().name();
    }
  }

  /** With the hash that names the submission, which every row needs. */
  @Benchmark
  public boolean triedAgainstAllWriters() {
    Bytes text = Bytes.utf8("interseal row tag v1 " + SubmissionId.of(BANK, junk));
    boolean known = false;
    for (TagKey key : keys) {
      known |= key.tagged(text, wrongTag);
    }
    return known;
  }
}
