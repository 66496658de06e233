package org.interseal.gateway;

import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.http.RequestSigner;
import org.jspecify.annotations.Nullable;

/** A customer's device, as far as a gateway sees it. */
final class TestDevice {
  private final SigningKey requestKey;
  private final RequestSigner signer;

  TestDevice(Federation federation) {
    this.requestKey = SigningKey.generate(SignatureAlgorithm.ED25519, federation.random);
    this.signer = new RequestSigner(requestKey, federation.clock, federation.random);
  }

  String id() {
    return signer.deviceId();
  }

  SigningKey requestKey() {
    return requestKey;
  }

  Map<String, String> sign(
      String method, String path, @Nullable String query, @Nullable String body) {
    return signer.sign(method, path, query, body == null ? null : Bytes.utf8(body));
  }
}
