package org.interseal.gateway;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.interseal.protocol.http.RestApi;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Hands a device its sealed items. The mailbox is the one of the key that signed, so no device can
 * ask for another's, and one that was refused can read why.
 */
@RestController
class MailboxController {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxController.class);

  /** What an item of a page is counted as before it is read; most are smaller. */
  private static final int TYPICAL_ITEM_BYTES = 4 * 1024;

  private final Admission admission;
  private final Mailbox mailbox;
  private final EventStreams events;
  private final GatewayMeters meters;
  private final EnvelopeMemory memory;

  MailboxController(
      Admission admission,
      Mailbox mailbox,
      EventStreams events,
      GatewayMeters meters,
      EnvelopeMemory memory) {
    this.admission = admission;
    this.mailbox = mailbox;
    this.events = events;
    this.meters = meters;
    this.memory = memory;
  }

  @GetMapping(RestApi.MAILBOX)
  ResponseEntity<byte[]> page(
      SignedRequest request,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "" + RestApi.MAX_PAGE_ITEMS) int limit) {
    if (limit < 1 || limit > RestApi.MAX_PAGE_ITEMS) {
      throw new ProblemException(
          CommonProblem.MALFORMED_REQUEST, "limit is 1 to " + RestApi.MAX_PAGE_ITEMS + ".");
    }
    MailboxCursor cursor = MailboxCursor.parse(after);
    boolean linked = admission.admitReader(request);
    try (EnvelopeMemory.Lease lease = memory.lease(request.deviceId(), linked)) {
      lease.grow((long) limit * TYPICAL_ITEM_BYTES);
      RestApi.MailboxPage page = mailbox.page(request.deviceId(), cursor, limit);
      meters.itemsDelivered("page", page.items().size());
      return Json.personal(HttpStatus.OK, page);
    } catch (StoreUnavailable e) {
      throw storeUnavailable();
    }
  }

  @GetMapping(RestApi.MAILBOX_EVENTS)
  void events(
      SignedRequest request,
      @RequestParam(defaultValue = "") String after,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "") String lastEventId,
      HttpServletResponse response)
      throws InterruptedException {
    MailboxCursor cursor = MailboxCursor.parse(lastEventId.isEmpty() ? after : lastEventId);
    boolean linked = admission.admitListener(request);
    try {
      events.stream(request.deviceId(), linked, cursor, response);
    } catch (StoreUnavailable e) {
      throw storeUnavailable();
    } catch (IOException e) {
      // The device is gone; it resumes where it was.
      LOG.trace("event stream broke", e);
    }
  }

  private static ProblemException storeUnavailable() {
    return new ProblemException(
        CommonProblem.STORE_UNAVAILABLE, "Try again later.", Duration.ofSeconds(1));
  }
}
