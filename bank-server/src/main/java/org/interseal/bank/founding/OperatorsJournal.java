package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
 * without the keys of the operators whose lines follow. Whoever appends holds the {@link
 * FoundingLock}. Not thread-safe.
 */
public final class OperatorsJournal {
  static final int VERSION = 1;
  private static final String STATEMENT_TYPE = "interseal-operator-act";
  private static final String CONTINUES = "continues";
  private static final String BROKEN = ".broken-";
  private static final int MAX_BROKEN = 1_000;
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
  private final List<Act> earlier = new ArrayList<>();
  private Bytes last = Bytes.of(new byte[32]);
  private long whole;
  private long size;

  private OperatorsJournal(Path file, OperatorPolicy policy, InstantSource clock) {
    this.file = file;
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Reads and checks every line, and changes nothing. A last line that was cut off by a crash, or
   * is just being written, is left out.
   *
   * @throws RefusedByBank when a line was altered, inserted or removed
   */
  static OperatorsJournal open(Path file, OperatorPolicy policy, InstantSource clock)
      throws IOException {
    OperatorsJournal journal = new OperatorsJournal(file, policy, clock);
    if (Files.exists(file)) {
      String text = text(file);
      journal.whole = text.lastIndexOf('\n') + 1L;
      journal.size = text.length();
      for (String line : text.substring(0, (int) journal.whole).lines().toList()) {
        journal.take(line);
      }
    }
    if (!journal.acts.isEmpty() && journal.acts.getFirst().action().equals(CONTINUES)) {
      journal.takeEarlier(journal.acts.getFirst());
    }
    return journal;
  }

  /** Each byte a character, so that no byte makes it unreadable. */
  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** What the journal before was good for: acts that operators signed, in whatever order. */
  private void takeEarlier(Act continues) throws IOException {
    Path before = file.resolveSibling(continues.subject());
    if (!continues.subject().matches("\\Q" + file.getFileName() + BROKEN + "\\E[0-9]+")) {
      throw new RefusedByBank("line 1 of " + file + " continues no journal");
    }
    if (!Files.exists(before) || !digest(before).equals(continues.digest())) {
      throw new RefusedByBank(before + ", which " + file + " continues, was altered");
    }
    for (String line : text(before).lines().toList()) {
      signed(line).ifPresent(earlier::add);
    }
  }

  private Optional<Act> signed(String line) {
    try {
      Operator signer = policy.signer(line, STATEMENT_TYPE);
      return Optional.of(
          ProtocolJson.decode(
              SignedStatement.verify(line, STATEMENT_TYPE, signer.verificationKey()), Act.class));
    } catch (CryptoFailure | MalformedMessage | RefusedByBank e) {
      return Optional.empty();
    }
  }

  private static Bytes digest(Path file) throws IOException {
    return Bytes.sha256(Bytes.of(Files.readAllBytes(file)));
  }

  /**
   * Puts a journal that is broken aside, as it is, and begins another, whose first line names it
   * and its hash. The broken one is in place until the other is on disk.
   */
  static OperatorsJournal continueBroken(
      Path file, OperatorPolicy policy, InstantSource clock, OperatorKey operator)
      throws IOException {
    Path aside = aside(file);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.copy(file, aside);
    try (FileChannel copied = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      copied.force(true);
    }
    Files.deleteIfExists(part);
    new OperatorsJournal(part, policy, clock)
        .append(operator, CONTINUES, String.valueOf(aside.getFileName()), digest(aside));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return open(file, policy, clock);
  }

  private static Path aside(Path file) throws IOException {
    for (int i = 1; i <= MAX_BROKEN; i++) {
      Path aside = file.resolveSibling(file.getFileName() + BROKEN + i);
      if (!Files.exists(aside)) {
        return aside;
      }
    }
    throw new IOException("more than " + MAX_BROKEN + " broken journals beside " + file);
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

  /**
   * On disk when it returns.
   *
   * @throws IOException also when somebody else has written since this was opened
   */
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
      if (channel.size() != size) {
        throw new IOException(file + " was written by somebody else meanwhile");
      }
      if (whole < size) {
        channel.truncate(whole);
      }
      size = whole;
      while (bytes.hasRemaining()) {
        size += channel.write(bytes);
      }
      channel.force(true);
      whole = size;
    }
    acts.add(act);
    last = Bytes.sha256(Bytes.utf8(line));
  }

  /** In order. */
  public List<Act> acts() {
    return List.copyOf(acts);
  }

  boolean holds(String action, Bytes digest) {
    return Stream.concat(earlier.stream(), acts.stream())
        .anyMatch(act -> act.action().equals(action) && act.digest().equals(digest));
  }
}
