package org.interseal.protocol.banking;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An amount in a currency, in integer minor units. On the wire a decimal string with exactly the
 * currency's number of fraction digits, for example {@code {"amount":"2452.00","currency":"CZK"}}.
 *
 * @param amountMinor minor units, at most 10^15 either way
 * @param currency ISO 4217
 */
@JsonPropertyOrder({"amount", "currency"})
public record Money(@JsonIgnore long amountMinor, CurrencyCode currency) {
  /** Largest magnitude in minor units; thousands of such amounts still add up inside a long. */
  public static final long MAX_MINOR = 1_000_000_000_000_000L;

  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,4})?");

  public Money {
    if (amountMinor > MAX_MINOR || amountMinor < -MAX_MINOR) {
      throw new IllegalArgumentException("amount out of range");
    }
  }

  /** Reads a decimal string; another number of fraction digits than the currency's is refused. */
  @JsonCreator
  public static Money of(
      @JsonProperty(value = "amount", required = true) String amount,
      @JsonProperty(value = "currency", required = true) CurrencyCode currency) {
    if (!DECIMAL.matcher(amount).matches()) {
      throw new IllegalArgumentException("not a decimal amount");
    }
    BigDecimal value = new BigDecimal(amount);
    if (value.scale() != currency.fractionDigits()
        || (value.signum() == 0 && amount.startsWith("-"))) {
      throw new IllegalArgumentException(
          "amount needs exactly " + currency.fractionDigits() + " fraction digits");
    }
    return new Money(value.unscaledValue().longValueExact(), currency);
  }

  /** The decimal string of the wire. */
  @JsonProperty("amount")
  public String decimal() {
    return BigDecimal.valueOf(amountMinor, currency.fractionDigits()).toPlainString();
  }

  @JsonIgnore
  public boolean isPositive() {
    return amountMinor > 0;
  }

  @Override
  public String toString() {
    return decimal() + " " + currency.value();
  }
}
