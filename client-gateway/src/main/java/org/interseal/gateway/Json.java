package org.interseal.gateway;

import org.interseal.protocol.json.ProtocolJson;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Answers in the protocol's one JSON spelling. */
final class Json {
  private Json() {}

  /** For one device only, never cached. */
  static ResponseEntity<byte[]> personal(HttpStatus status, Object body) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .cacheControl(CacheControl.noStore())
        .body(ProtocolJson.encode(body).toArray());
  }
}
