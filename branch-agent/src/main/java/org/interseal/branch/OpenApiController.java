package org.interseal.branch;

import java.io.IOException;
import java.io.InputStream;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.RestApi;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The description of the tellers' interface, the very file that docs/reference has. */
@RestController
class OpenApiController {
  private static final String DOCUMENT = "branch-openapi.json";

  private final Bytes document;

  OpenApiController() throws IOException {
    try (InputStream in = OpenApiController.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new IllegalStateException(DOCUMENT + " is not on the class path");
      }
      this.document = Bytes.of(in.readAllBytes());
    }
  }

  @GetMapping(RestApi.OPENAPI)
  ResponseEntity<byte[]> document() {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .cacheControl(CacheControl.noCache())
        .body(document.toArray());
  }
}
