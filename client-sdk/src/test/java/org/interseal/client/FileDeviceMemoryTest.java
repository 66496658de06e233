package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDeviceMemoryTest {
  private static final DeviceKeyRing KEYS = DeviceKeyRing.generate(new SecureRandom());

  @TempDir Path directory;

  private FileDeviceMemory open() throws IOException {
    return FileDeviceMemory.open(KEYS, directory.resolve("device.json"));
  }

  private static PendingLetter letter(int id) {
    byte[] bytes = new byte[16];
    bytes[15] = (byte) id;
    return new PendingLetter(Bytes.of(bytes), "balance.query.v1", "envelope-" + id, 1_000);
  }

  @Test
  void whatWasChangedIsThereForTheNextProcessAtOnce() throws IOException {
    FileDeviceMemory memory = open();
    var _ =
        memory.change(profile ->
            profile
                .at(
                    FakeBank.BANK,
                    List.of(URI.create("https://gateway.example")),
                    Bytes.utf8("root"),
                    "phone",
                    List.of(Iban.of(FakeBank.BANK, 0, 7)))
                .withSealed(letter(1)));

    // No close: the first process was killed.
    assertThat(open().profile()).isEqualTo(memory.profile());
    assertThat(open().profile().nextNumber()).isEqualTo(2);
  }

  @Test
  void twoProcessesNeverUseOneNumber() throws Exception {
    try (FileDeviceMemory one = open();
        FileDeviceMemory two = open();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Long>> takers =
          java.util.stream.IntStream.range(0, 60)
              .<Callable<Long>>mapToObj(i -> () -> taken(i % 2 == 0 ? one : two, i))
              .toList();
      Set<Long> numbers = new HashSet<>();
      for (Future<Long> number : threads.invokeAll(takers)) {
        numbers.add(number.get());
      }
      assertThat(numbers).hasSize(60);
    }
  }

  private static long taken(DeviceMemory memory, int id) {
    return memory
            .change(
                profile -> profile.withoutPending(letter(id).messageId()).withSealed(letter(id)))
            .nextNumber()
        - 1;
  }

  @Test
  void notesAreKeptWithTheNextChangeAndUndoneByACrash() throws IOException {
    FileDeviceMemory memory = open();
    memory.note(profile -> profile.withCursor("c1"));
    assertThat(memory.profile().mailboxCursor()).isEqualTo("c1");
    assertThat(open().profile().mailboxCursor()).isNull();

    memory.close();

    assertThat(open().profile().mailboxCursor()).isEqualTo("c1");
  }

  @Test
  void aChangeThatFailsLeavesEverythingAsItWas() throws IOException {
    FileDeviceMemory memory = open();
    assertThatThrownBy(() ->
            memory.change(profile -> {
              throw new IllegalArgumentException("no");
            }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(memory.change(UnaryOperator.identity())).isEqualTo(DeviceProfile.fresh());
  }

  @Test
  void anUnknownVersionAndDamageAreRefused() throws IOException {
    Path file = directory.resolve("device.json");
    try (FileDeviceMemory memory = open()) {
      assertThat(memory.profile().v()).isEqualTo(1);
    }
    Files.writeString(file, Files.readString(file).replace("\"v\":1", "\"v\":2"));
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 1");
    Files.writeString(file, "{");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
  }

  @Test
  void theProfileIsForItsOwnerAlone() throws IOException {
    try (FileDeviceMemory memory = open()) {
      assertThat(memory.keys()).isEqualTo(KEYS);
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("device.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void keysComeBackFromTheirVault() throws IOException {
    Path vault = directory.resolve("device.p12");
    char[] passphrase = "a passphrase".toCharArray();
    String id;
    try (FileDeviceMemory memory = FileDeviceMemory.open(vault, passphrase, new SecureRandom())) {
      id = memory.keys().deviceId();
    }
    try (FileDeviceMemory memory = FileDeviceMemory.open(vault, passphrase, new SecureRandom())) {
      assertThat(memory.keys().deviceId()).isEqualTo(id);
    }
    assertThatThrownBy(
            () -> FileDeviceMemory.open(vault, "another".toCharArray(), new SecureRandom()))
        .isInstanceOf(IOException.class);
  }
}
