package org.interseal.protocol.registry;

import java.util.Objects;
import java.util.regex.Pattern;
import org.interseal.identity.BankId;

/**
 * A node certificate that no longer speaks for its bank, signed by the bank's certifying key. Never
 * undone: a node that returns gets a new key and certificate.
 *
 * @param v format version, 1
 * @param number rises with every statement that the bank signs, from 1
 * @param nodeName whose certificate it was, for people
 * @param serial the certificate's serial number, lower-case hexadecimal; this is what counts
 */
public record NodeRevocation(int v, BankId bank, long number, String nodeName, String serial)
    implements RegistryRecord {
  private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

  public NodeRevocation {
    RecordShape.version(v);
    RecordShape.require(number >= 1, "numbers start at 1");
    RecordShape.require(SERIAL.matcher(serial).matches(), "not a serial number");
    RecordShape.text(nodeName, 64, "node name");
    Objects.requireNonNull(bank);
  }
}
