package org.interseal.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** Arithmetic on the curve P-256 (FIPS 186-5), as far as keys and encodings need it. */
final class P256 {
  static final int SCALAR_BYTES = 32;
  static final int POINT_BYTES = 65;
  static final ECDomainParameters DOMAIN = domain();

  private P256() {}

  private static ECDomainParameters domain() {
    X9ECParameters curve = CustomNamedCurves.getByName("P-256");
    return new ECDomainParameters(curve);
  }

  /** A scalar in [1, n), drawn by rejection so that none is more likely than another. */
  static byte[] scalar(SecureRandom random) {
    byte[] candidate = new byte[SCALAR_BYTES];
    do {
      random.nextBytes(candidate);
    } while (!isScalar(candidate));
    return candidate;
  }

  static boolean isScalar(byte[] bytes) {
    BigInteger value = new BigInteger(1, bytes);
    return bytes.length == SCALAR_BYTES && value.signum() > 0 && value.compareTo(DOMAIN.getN()) < 0;
  }

  /** The uncompressed public point of a scalar. */
  static byte[] publicPoint(byte[] scalar) {
    return new FixedPointCombMultiplier()
        .multiply(DOMAIN.getG(), new BigInteger(1, scalar))
        .normalize()
        .getEncoded(false);
  }

  /** Reads an uncompressed point; one off the curve is an {@link IllegalArgumentException}. */
  static ECPoint point(byte[] uncompressed) {
    if (uncompressed.length != POINT_BYTES || uncompressed[0] != 0x04) {
      throw new IllegalArgumentException("not an uncompressed point");
    }
    return DOMAIN.validatePublicPoint(DOMAIN.getCurve().decodePoint(uncompressed));
  }

  /** r || s, 64 bytes (RFC 7518 section 3.4). */
  static byte[] fixedLength(BigInteger r, BigInteger s) {
    byte[] out = new byte[2 * SCALAR_BYTES];
    BigIntegers.asUnsignedByteArray(r, out, 0, SCALAR_BYTES);
    BigIntegers.asUnsignedByteArray(s, out, SCALAR_BYTES, SCALAR_BYTES);
    return out;
  }
}
