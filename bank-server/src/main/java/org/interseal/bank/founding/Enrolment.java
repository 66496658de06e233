package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/**
 * What passes between who sets a server up and who approves it, as files of one directory that need
 * not be kept secret: {@code request}, {@code approval}, {@code challenge}, {@code answer}.
 */
public final class Enrolment {
  private static final long MAX_FILE_BYTES = 64L * 1024;

  /** A step of an enrolment. */
  enum Step {
    REQUEST,
    APPROVAL,
    CHALLENGE,
    ANSWER;

    private String file() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Path directory;

  private Enrolment(Path directory) {
    this.directory = directory;
  }

  /**
   * @param enrolments of the bank; the server has a directory in it
   */
  public static Enrolment of(Path enrolments, Party server) {
    return new Enrolment(enrolments.resolve(server.name()));
  }

  Optional<String> text(Step step) throws IOException {
    Path file = directory.resolve(step.file());
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new RefusedByBank(file + " is longer than " + MAX_FILE_BYTES + " bytes");
    }
    return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
  }

  void leave(Step step, String text) throws IOException {
    Files.createDirectories(directory);
    Path part = directory.resolve(step.file() + ".part");
    Files.writeString(part, text + "\n");
    Files.move(
        part,
        directory.resolve(step.file()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Begins anew: what belonged to an earlier request goes. */
  void clear() throws IOException {
    for (Step step : Step.values()) {
      Files.deleteIfExists(directory.resolve(step.file()));
    }
  }

  /** What a challenge and its answer are bound to. */
  static Bytes context(BankId bank, Bytes request) {
    return Bytes.sha256OfFields("interseal node challenge v1", Bytes.utf8(bank.value()), request);
  }
}
