package org.interseal.identity;

import java.util.regex.Pattern;

/**
 * A bank, named by its business identifier code: eight characters of the ISO 9362 shape (four of
 * the institution, two of the country, two of the place), upper case.
 *
 * <p>The first four characters are the bank code inside the bank's IBANs.
 *
 * @param value for example {@code BKABXX00}
 */
public record BankId(String value) implements Comparable<BankId> {
  private static final Pattern SHAPE = Pattern.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}");

  /** Refuses any other shape with {@link IllegalArgumentException}. */
  public BankId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not a BIC of eight characters: " + value);
    }
  }

  /** The four characters that stand for this bank inside an IBAN. */
  public String institution() {
    return value.substring(0, 4);
  }

  /** The ISO 3166 country code. */
  public String country() {
    return value.substring(4, 6);
  }

  @Override
  public int compareTo(BankId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
