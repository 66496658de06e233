package org.interseal.protocol.banking;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Currency;

/**
 * An ISO 4217 currency that this Java platform knows and that has minor units.
 *
 * @param value three capital letters
 */
public record CurrencyCode(@JsonValue String value) implements Comparable<CurrencyCode> {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CurrencyCode {
    if (Currency.getInstance(value).getDefaultFractionDigits() < 0) {
      throw new IllegalArgumentException("a currency without minor unit");
    }
  }

  /** How many decimal places an amount has. */
  public int fractionDigits() {
    return Currency.getInstance(value).getDefaultFractionDigits();
  }

  @Override
  public int compareTo(CurrencyCode other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
