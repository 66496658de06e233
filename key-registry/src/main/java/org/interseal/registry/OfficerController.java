package org.interseal.registry;

import java.security.Principal;
import java.util.List;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.RegistryRecord;
import org.interseal.protocol.registry.Resolution;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What officers do. Every change takes a JSON body, if only {@code {}}: a page of another site
 * cannot send that with an officer's remembered credentials.
 */
@RestController
@RequestMapping("/v1")
class OfficerController {
  /** Most applications or journal lines in one answer. */
  static final int MAX_PAGE = 200;

  private static final Pattern REASON = Pattern.compile("[^\\p{Cntrl}]{1,200}");

  private final Licensing licensing;
  private final Journal journal;

  OfficerController(Licensing licensing, Journal journal) {
    this.licensing = licensing;
    this.journal = journal;
  }

  /** Why, for the journal. */
  record ReasonRequest(@Nullable String reason) {
    ReasonRequest {
      if (reason != null && !REASON.matcher(reason).matches()) {
        throw new IllegalArgumentException("1 to 200 printable characters");
      }
    }
  }

  record ResolutionRequest(
      BankId bank,
      int partition,
      BankId targetBank,
      int targetPartition,
      long transferNumber,
      Bytes transferDigest,
      boolean settled) {}

  record ApplicationList(List<ApplicationController.ApplicationView> applications) {}

  record JournalPage(List<Journal.Line> lines) {}

  @GetMapping("/applications")
  ApplicationList applications(@RequestParam(defaultValue = "PROVEN") Application.State state) {
    return new ApplicationList(
        licensing.inState(state).stream()
            .limit(MAX_PAGE)
            .map(ApplicationController.ApplicationView::of)
            .toList());
  }

  @PostMapping(path = "/applications/{id}/approval", consumes = MediaType.APPLICATION_JSON_VALUE)
  Licensing.Decision approve(
      @PathVariable String id, @RequestBody ReasonRequest unused, Principal officer) {
    return Answers.valueOrProblem(licensing.approve(id, actor(officer)));
  }

  @PostMapping(path = "/applications/{id}/rejection", consumes = MediaType.APPLICATION_JSON_VALUE)
  ApplicationController.ApplicationView reject(
      @PathVariable String id, @RequestBody ReasonRequest body, Principal officer) {
    String reason = body.reason() == null ? "not stated" : body.reason();
    return ApplicationController.ApplicationView.of(
        Answers.valueOrProblem(licensing.reject(id, actor(officer), reason)));
  }

  @PostMapping(path = "/banks/{bic}/suspension", consumes = MediaType.APPLICATION_JSON_VALUE)
  Licensing.Decision suspend(
      @PathVariable String bic, @RequestBody ReasonRequest body, Principal officer) {
    return change(bic, JournalEvent.Change.SUSPENDED, body, officer);
  }

  @PostMapping(path = "/banks/{bic}/reinstatement", consumes = MediaType.APPLICATION_JSON_VALUE)
  Licensing.Decision reinstate(
      @PathVariable String bic, @RequestBody ReasonRequest body, Principal officer) {
    return change(bic, JournalEvent.Change.REINSTATED, body, officer);
  }

  @PostMapping(path = "/banks/{bic}/renewal", consumes = MediaType.APPLICATION_JSON_VALUE)
  Licensing.Decision renew(
      @PathVariable String bic, @RequestBody ReasonRequest body, Principal officer) {
    return change(bic, JournalEvent.Change.RENEWED, body, officer);
  }

  private Licensing.Decision change(
      String bic, JournalEvent.Change change, ReasonRequest body, Principal officer) {
    return Answers.valueOrProblem(
        licensing.change(BankController.bankId(bic), change, actor(officer), body.reason()));
  }

  @PostMapping(path = "/resolutions", consumes = MediaType.APPLICATION_JSON_VALUE)
  Licensing.Decision resolve(@RequestBody ResolutionRequest body, Principal officer) {
    Resolution resolution;
    try {
      resolution =
          new Resolution(
              RegistryRecord.VERSION,
              body.bank(),
              body.partition(),
              body.targetBank(),
              body.targetPartition(),
              body.transferNumber(),
              body.transferDigest(),
              body.settled());
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new ProblemException(
          CommonProblem.MALFORMED_REQUEST, "Not a resolution of a transfer.");
    }
    return Answers.valueOrProblem(licensing.resolve(resolution, actor(officer)));
  }

  /** The audit log, oldest first. */
  @GetMapping("/audit")
  JournalPage audit(@RequestParam(defaultValue = "0") long after) {
    return new JournalPage(journal.after(after, MAX_PAGE));
  }

  private static String actor(Principal officer) {
    return "officer:" + officer.getName();
  }
}
