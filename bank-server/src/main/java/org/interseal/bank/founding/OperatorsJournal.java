package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * Who did what at the bank: one line for each act, signed by the operator, naming the hash of the
 * line before. A line is on disk before the act begins, and once more when it is complete.
 *
 * <p>Whoever may write the file can cut off its end; nobody can alter or insert a line unnoticed
 * without the keys of the operators whose lines follow. Not thread-safe, one operator at a time.
 */
public final class OperatorsJournal {
  static final int VERSION = 1;
  private static final String STATEMENT_TYPE = "interseal-operator-act";
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  /**
   * @param number from 1
   * @param previous hash of the line before; 32 zero bytes in the first
   * @param action what is done
   * @param subject whom it is done to
   * @param digest of what it was decided by, or of nothing
   */
  public record Act(
      int v,
      long number,
      Bytes previous,
      long atMillis,
      String operator,
      String action,
      String subject,
      Bytes digest) {}

  private final Path file;
  private final OperatorPolicy policy;
  private final InstantSource clock;
  private final List<Act> acts = new ArrayList<>();
  private Bytes last = Bytes.of(new byte[32]);

  private OperatorsJournal(Path file, OperatorPolicy policy, InstantSource clock) {
    this.file = file;
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Reads and checks every line. A last line that was cut off by a crash is dropped.
   *
   * @throws RefusedByBank when a line was altered, inserted or removed
   */
  static OperatorsJournal open(Path file, OperatorPolicy policy, InstantSource clock)
      throws IOException {
    OperatorsJournal journal = new OperatorsJournal(file, policy, clock);
    if (Files.exists(file)) {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      int whole = text.lastIndexOf('\n') + 1;
      if (whole < text.length()) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(whole);
          channel.force(true);
        }
      }
      for (String line : text.substring(0, whole).lines().toList()) {
        journal.take(line);
      }
    }
    return journal;
  }

  private void take(String line) throws RefusedByBank {
    try {
      Operator signer = policy.signer(line, STATEMENT_TYPE);
      Act act =
          ProtocolJson.decode(
              SignedStatement.verify(line, STATEMENT_TYPE, signer.verificationKey()), Act.class);
      if (act.v() == VERSION
          && act.number() == acts.size() + 1
          && act.previous().equals(last)
          && act.operator().equals(signer.name())) {
        acts.add(act);
        last = Bytes.sha256(Bytes.utf8(line));
        return;
      }
    } catch (CryptoFailure | MalformedMessage e) {
      throw new RefusedByBank("line " + (acts.size() + 1) + " of " + file + " was altered", e);
    }
    throw new RefusedByBank("line " + (acts.size() + 1) + " of " + file + " is out of place");
  }

  /** On disk when it returns. */
  void append(OperatorKey operator, String action, String subject, Bytes digest)
      throws IOException {
    Act act =
        new Act(
            VERSION,
            acts.size() + 1,
            last,
            clock.millis(),
            operator.name(),
            action,
            subject,
            digest);
    String line = SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(act), operator.key());
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    acts.add(act);
    last = Bytes.sha256(Bytes.utf8(line));
  }

  /** In order. */
  public List<Act> acts() {
    return List.copyOf(acts);
  }

  boolean holds(String action, Bytes digest) {
    return acts.stream()
        .anyMatch(act -> act.action().equals(action) && act.digest().equals(digest));
  }
}
