package org.interseal.protocol.banking;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An ISO 4217 currency in use that has minor units.
 *
 * <p>The list stands here and not in the Java platform's data, which differ between releases and
 * can be changed by configuration: whether a block is readable must not depend on who reads it. A
 * new currency is a new version of the blocks' format.
 *
 * @param value three capital letters
 */
public record CurrencyCode(@JsonValue String value) implements Comparable<CurrencyCode> {
  private static final Map<String, Integer> FRACTION_DIGITS = fractionDigitsByCode();

  /** One text for all equal codes: a ledger holds a great many. */
  private static final Map<String, String> TEXTS =
      FRACTION_DIGITS.keySet().stream().collect(Collectors.toMap(code -> code, code -> code));

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CurrencyCode {
    String text = TEXTS.get(value);
    if (text == null) {
      throw new IllegalArgumentException("no currency in use, or one without minor unit");
    }
    value = text;
  }

  private static Map<String, Integer> fractionDigitsByCode() {
    Map<String, Integer> digits = new HashMap<>();
    put(digits, 0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
    put(
        digits,
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF"
            + " CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD"
            + " HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT"
            + " MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB"
            + " SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD"
            + " USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG");
    put(digits, 3, "BHD IQD JOD KWD LYD OMR TND");
    put(digits, 4, "CLF UYW");
    return Map.copyOf(digits);
  }

  private static void put(Map<String, Integer> digits, int count, String codes) {
    Arrays.stream(codes.split(" ")).forEach(code -> digits.put(code, count));
  }

  /** How many decimal places an amount has. */
  public int fractionDigits() {
    Integer digits = FRACTION_DIGITS.get(value);
    if (digits == null) {
      throw new IllegalStateException("checked when it was made");
    }
    return digits;
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
