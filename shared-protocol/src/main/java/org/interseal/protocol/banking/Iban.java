package org.interseal.protocol.banking;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.interseal.identity.BankId;

/**
 * An account number (ISO 13616) of this federation: country (2), check digits (2), institution (4),
 * ledger partition (2 digits), number (10 digits). Any bank can tell from it which bank and which
 * partition to address.
 *
 * @param value 20 characters without spaces
 */
public record Iban(@JsonValue String value) implements Comparable<Iban> {
  private static final Pattern SHAPE = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{4}[0-9]{12}");

  /** Refuses another shape or wrong check digits with {@link IllegalArgumentException}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Iban {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not an IBAN of this federation");
    }
    if (remainder(value.substring(4) + value.substring(0, 4)) != 1) {
      throw new IllegalArgumentException("IBAN check digits are wrong");
    }
  }

  /**
   * The account {@code number} (0 to 9,999,999,999) in {@code partition} (0 to 99) of {@code bank}.
   */
  public static Iban of(BankId bank, int partition, long number) {
    if (partition < 0 || partition > 99 || number < 0 || number > 9_999_999_999L) {
      throw new IllegalArgumentException("partition or number out of range");
    }
    String basic = bank.institution() + pad(partition, 2) + pad(number, 10);
    int check = 98 - remainder(basic + bank.country() + "00");
    return new Iban(bank.country() + pad(check, 2) + basic);
  }

  /**
   * The account that whoever wishes for this {@code number} gets in a bank of so many partitions: a
   * branch opens it in partition {@code number} modulo {@code partitions}.
   */
  public static Iban ofWishedNumber(BankId bank, int partitions, long number) {
    return of(bank, partitionOfWishedNumber(partitions, number), number);
  }

  /** See {@link #ofWishedNumber}; for a number that no account can have as well. */
  public static int partitionOfWishedNumber(int partitions, long number) {
    return Math.floorMod(number, partitions);
  }

  private static String pad(long value, int width) {
    String digits = Long.toString(value);
    return "0".repeat(width - digits.length()) + digits;
  }

  /** ISO 7064 MOD 97-10 over the characters, letters counting 10 to 35. */
  private static int remainder(String rearranged) {
    int remainder = 0;
    for (int i = 0; i < rearranged.length(); i++) {
      int digit = Character.digit(rearranged.charAt(i), 36);
      remainder = (remainder * (digit > 9 ? 100 : 10) + digit) % 97;
    }
    return remainder;
  }

  /** The bank code: a bank's {@link BankId#institution()}. */
  public String institution() {
    return value.substring(4, 8);
  }

  public int partition() {
    return Integer.parseInt(value.substring(8, 10));
  }

  public long number() {
    return Long.parseLong(value.substring(10));
  }

  public boolean isAt(BankId bank) {
    return bank.institution().equals(institution()) && value.startsWith(bank.country());
  }

  @Override
  public int compareTo(Iban other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
