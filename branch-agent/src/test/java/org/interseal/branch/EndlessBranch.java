package org.interseal.branch;

import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.CZK;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.BranchMessage;

/**
 * A process that makes requests without end and writes down the hash of every letter it sends; to
 * be killed.
 */
final class EndlessBranch {
  static final String SENT = "sent";
  private static final char[] PASSPHRASE = "passphrase".toCharArray();

  private EndlessBranch() {}

  static BranchJournal journal(Path directory) throws IOException {
    SecureRandom random = new SecureRandom();
    KeyVault vault = Pkcs12KeyVault.open(directory.resolve("vault.p12"), PASSPHRASE);
    if (vault.secretKey("journal").isEmpty()) {
      vault.store("journal", SecretKey256.generate(random));
    }
    return BranchJournal.open(
        directory.resolve("journal"), "north", vault.secretKey("journal").orElseThrow(), random);
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    FakeBank bank = new FakeBank();
    BranchJournal journal = journal(directory);
    RequestBook book = new RequestBook();
    book.restore(journal.read());
    Outbox outbox =
        new Outbox(
            book,
            journal,
            bank.sealer(),
            envelopes -> sent(directory, envelopes),
            _ -> {},
            InstantSource.system(),
            Runnable::run);
    BranchDesk desk = new BranchDesk(book, outbox, Bytes.of(new byte[32]), bank.random);
    while (true) {
      for (int i = 0; i < 7; i++) {
        var _ =
            desk.submit(
                new BranchMessage.PayCashIn("ada", Iban.of(BANK, 0, 7), new Money(1, CZK), "r"),
                null);
      }
      outbox.turn(Duration.ZERO);
    }
  }

  private static CompletableFuture<List<Boolean>> sent(Path directory, List<String> envelopes) {
    try {
      for (String envelope : envelopes) {
        Files.writeString(
            directory.resolve(SENT),
            hash(envelope) + "\n",
            StandardCharsets.US_ASCII,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return CompletableFuture.completedFuture(envelopes.stream().map(_ -> true).toList());
  }

  static String hash(String envelope) {
    return Bytes.sha256(Bytes.utf8(envelope)).toHex();
  }
}
