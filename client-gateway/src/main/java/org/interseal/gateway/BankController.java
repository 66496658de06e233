package org.interseal.gateway;

import java.time.Duration;
import org.interseal.identity.BankId;
import org.interseal.protocol.http.RestApi;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a device needs before it can seal or believe anything. Public, and worth nothing unless
 * verified.
 */
@RestController
class BankController {
  private static final CacheControl CACHE =
      CacheControl.maxAge(Duration.ofSeconds(30)).cachePublic();

  private final BankDocuments documents;

  BankController(BankDocuments documents) {
    this.documents = documents;
  }

  @GetMapping(RestApi.BANK)
  ResponseEntity<byte[]> bank(
      @RequestHeader(name = "If-None-Match", defaultValue = "") String known) {
    return answer(
        documents
            .own()
            .orElseThrow(() ->
                new ProblemException(
                    GatewayProblem.NOT_READY,
                    "The bank's licence was not read yet.",
                    Duration.ofSeconds(1))),
        known);
  }

  @GetMapping(RestApi.BANKS)
  ResponseEntity<byte[]> banks(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "" + RestApi.MAX_PAGE_BANKS) int limit,
      @RequestHeader(name = "If-None-Match", defaultValue = "") String known) {
    if (limit < 1 || limit > RestApi.MAX_PAGE_BANKS || after.length() > 8) {
      throw new ProblemException(
          CommonProblem.MALFORMED_REQUEST,
          "limit is 1 to " + RestApi.MAX_PAGE_BANKS + ", after a BIC.");
    }
    return answer(documents.page(after, limit), known);
  }

  @GetMapping(RestApi.BANKS + "/{bic}")
  ResponseEntity<byte[]> bank(
      @PathVariable String bic,
      @RequestHeader(name = "If-None-Match", defaultValue = "") String known) {
    BankId bank;
    try {
      bank = new BankId(bic);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(CommonProblem.MALFORMED_REQUEST, "A BIC has eight characters.");
    }
    return answer(
        documents
            .of(bank)
            .orElseThrow(() ->
                new ProblemException(
                    GatewayProblem.UNKNOWN_BANK, "The authority licensed no such bank.")),
        known);
  }

  private static ResponseEntity<byte[]> answer(BankDocuments.Tagged document, String known) {
    boolean same = known.equals("*") || known.contains(document.etag());
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(same ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .header(HttpHeaders.ETAG, document.etag())
            .cacheControl(CACHE);
    return same
        ? answer.build()
        : answer.contentType(MediaType.APPLICATION_JSON).body(document.json().toArray());
  }
}
