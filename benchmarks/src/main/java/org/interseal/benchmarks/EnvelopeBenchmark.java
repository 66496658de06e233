package org.interseal.benchmarks;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.OpenedLetter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sealing and opening an envelope of a payment instruction's size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EnvelopeBenchmark {
  private static final BankId BANK = new BankId("BKABXX00");

  @Param({"700", "20000"})
  int bodyBytes;

  private final SecureRandom random = new SecureRandom();
  private final SigningKey author = SigningKey.generate(SignatureAlgorithm.ED25519, random);
  private final DecryptionKey recipient = DecryptionKey.generate(random);
  private Letter letter = letter(1);
  private String sealed = "";

  @org.openjdk.jmh.annotations.Setup
  public void seal() {
    letter = letter(bodyBytes);
    sealed = Envelope.seal(letter, author, recipient.encryptionKey(), 0, random);
  }

  private static Letter letter(int bodyBytes) {
    Instant created = Instant.ofEpochMilli(1_800_000_000_000L);
    return new Letter(
        Party.device(BANK, "device"),
        Party.bank(BANK),
        "payment.instruct.v1",
        Bytes.of(new byte[16]),
        1,
        created,
        created.plusSeconds(3600),
        Bytes.of(new byte[bodyBytes]));
  }

  @Benchmark
  public String sealed() {
    return Envelope.seal(letter, author, recipient.encryptionKey(), 0, random);
  }

  @Benchmark
  public OpenedLetter opened() throws CryptoFailure {
    return Envelope.open(
        sealed,
        id -> Optional.of(recipient),
        (party, id) -> Optional.of(author.verificationKey()),
        party -> true,
        Optional.empty());
  }
}
