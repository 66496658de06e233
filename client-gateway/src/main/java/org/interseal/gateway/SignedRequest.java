package org.interseal.gateway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.interseal.crypto.Bytes;

/**
 * A request whose signature was verified.
 *
 * @param deviceId the hash of the key that signed
 * @param body as signed; empty without one
 * @param address where it came from
 */
record SignedRequest(String deviceId, Bytes body, String address) {
  /** How many bytes of body a signed operation reads. */
  @Target(ElementType.PARAMETER)
  @Retention(RetentionPolicy.RUNTIME)
  @interface MaxBody {
    int value();
  }
}
