package org.interseal.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * A device on disk: a PKCS#12 file with its keys and, beside it, a JSON file with its profile, both
 * owner-only.
 *
 * <p>Several processes may use one device at a time, a watcher and a payment for example: every
 * durable change locks, reads the file again, and replaces it atomically, so no number is used by
 * two of them.
 */
public final class FileDeviceMemory implements DeviceMemory {
  private static final long MAX_PROFILE_BYTES = 256L * 1024 * 1024;

  /**
   * A file lock belongs to the whole process, so threads of one process need a lock of their own.
   */
  private static final ConcurrentHashMap<Path, ReentrantLock> IN_PROCESS =
      new ConcurrentHashMap<>();

  private final DeviceKeyRing keys;
  private final Path file;
  private final ReentrantLock lock;
  private final List<UnaryOperator<DeviceProfile>> noted = new ArrayList<>();
  private DeviceProfile profile;

  private FileDeviceMemory(DeviceKeyRing keys, Path file) {
    this.keys = keys;
    this.file = file;
    this.lock = IN_PROCESS.computeIfAbsent(file, _ -> new ReentrantLock());
    this.profile = DeviceProfile.fresh();
  }

  /**
   * Opens a device, or makes one with fresh keys.
   *
   * @param vault the PKCS#12 file; the profile is beside it with {@code .json} added to the name
   * @throws IOException also when the passphrase is wrong or the profile is damaged or of an
   *     unknown version
   */
  public static FileDeviceMemory open(Path vault, char[] passphrase, SecureRandom random)
      throws IOException {
    return open(
        DeviceKeyRing.in(Pkcs12KeyVault.open(vault, passphrase), "", random),
        vault.resolveSibling(vault.getFileName() + ".json"));
  }

  /** As {@link #open(Path, char[], SecureRandom)}, for keys that are kept elsewhere. */
  public static FileDeviceMemory open(DeviceKeyRing keys, Path profile) throws IOException {
    FileDeviceMemory memory = new FileDeviceMemory(keys, profile.toAbsolutePath().normalize());
    try {
      var _ = memory.change(UnaryOperator.identity());
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
    return memory;
  }

  @Override
  public DeviceKeyRing keys() {
    return keys;
  }

  @Override
  public DeviceProfile profile() {
    lock.lock();
    try {
      return profile;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public DeviceProfile change(UnaryOperator<DeviceProfile> change) {
    lock.lock();
    try (FileChannel lockFile = openLockFile();
        FileLock held = lockFile.lock()) {
      DeviceProfile now = read();
      for (UnaryOperator<DeviceProfile> note : noted) {
        now = note.apply(now);
      }
      DeviceProfile changed = change.apply(now);
      if (held.isValid()) {
        write(changed);
      }
      noted.clear();
      profile = changed;
      return changed;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the device profile " + file + " cannot be kept: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void note(UnaryOperator<DeviceProfile> change) {
    lock.lock();
    try {
      profile = change.apply(profile);
      noted.add(change);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    var _ = change(UnaryOperator.identity());
  }

  private FileChannel openLockFile() throws IOException {
    return FileChannel.open(
        file.resolveSibling(file.getFileName() + ".lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private DeviceProfile read() throws IOException {
    if (!Files.exists(file)) {
      return DeviceProfile.fresh();
    }
    if (Files.size(file) > MAX_PROFILE_BYTES) {
      throw new IOException("too large for a device profile");
    }
    String text = Files.readString(file);
    try {
      return ProtocolJson.decode(text, DeviceProfile.class);
    } catch (MalformedMessage e) {
      throw new IOException("not a device profile of format version " + DeviceProfile.VERSION, e);
    }
  }

  private void write(DeviceProfile changed) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
      ByteBuffer content =
          ByteBuffer.wrap(ProtocolJson.encodeText(changed).getBytes(StandardCharsets.UTF_8));
      while (content.hasRemaining()) {
        var _ = out.write(content);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel entries = FileChannel.open(directory)) {
        entries.force(true);
      }
    }
  }
}
