package org.interseal.branch;

import java.security.Principal;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where a teller asks again for an answer that did not come in time. */
@RestController
@RequestMapping("/v1/requests")
class RequestsController {
  private final TellerDesk tellers;

  RequestsController(TellerDesk tellers) {
    this.tellers = tellers;
  }

  @GetMapping("/{requestId}")
  ResponseEntity<Object> find(Principal teller, @PathVariable String requestId) {
    return tellers.find(teller.getName(), requestId);
  }
}
