package org.interseal.launcher.bank;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.interseal.bank.founding.Operator;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/** The file that an operator gives away to be registered. */
final class PublicOperator {
  private static final int MAX_BYTES = 4_096;

  private PublicOperator() {}

  static Path write(Operator operator, Path directory) throws IOException {
    return Files.writeString(
        directory.resolve(operator.name() + ".pub"), ProtocolJson.encodeText(operator) + "\n");
  }

  static Operator read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is no operator's public key");
    }
    try {
      return ProtocolJson.decode(Files.readString(file).strip(), Operator.class);
    } catch (MalformedMessage e) {
      throw new IOException(file + " is no operator's public key", e);
    }
  }
}
