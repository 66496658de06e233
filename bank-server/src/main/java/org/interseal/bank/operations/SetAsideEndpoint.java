package org.interseal.bank.operations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.inbox.SetAside;
import org.interseal.bank.inbox.SetAsideRecord;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.store.Position;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** Messages that were set aside: list, inspect, release. */
@WebEndpoint(id = "setaside")
final class SetAsideEndpoint {
  private static final int DEFAULT_PAGE = 100;

  /** A line of the list. */
  record Line(
      String submissionId, String reason, Instant storedAt, Instant setAsideAt, int length) {}

  /**
   * A page.
   *
   * @param next to pass as {@code after}; none when this is the end
   */
  record Listing(List<Line> messages, @Nullable String next) {}

  /** A message as a whole. It is still sealed, or was never readable. */
  record Detail(Line about, String envelope) {}

  /** What became of a release. */
  record Released(String submissionId, boolean released) {}

  /** A message and the partition that has it. */
  private record Kept(BankNode node, SetAsideRecord message) {}

  private final BankServer server;

  SetAsideEndpoint(BankServer server) {
    this.server = server;
  }

  /**
   * @param partition the lowest when it is not given
   * @param after {@code <timestamp>.<id>} from the page before, or none
   */
  @ReadOperation
  WebEndpointResponse<Listing> list(
      @Nullable Integer partition, @Nullable String after, @Nullable Integer limit)
      throws StoreUnavailable {
    Optional<BankNode> node = Partitions.named(server, partition);
    if (node.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }
    int rows = limit == null ? DEFAULT_PAGE : Math.clamp(limit, 1, StoreLimits.MAX_ROWS);
    Optional<Position> from = parse(after);
    if (from.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_BAD_REQUEST);
    }
    SetAside.Page page = node.get().setAside().list(from.get(), rows);
    return new WebEndpointResponse<>(
        new Listing(
            page.records().stream().map(SetAsideEndpoint::line).toList(),
            page.last() ? null : page.next().timestampMillis() + "." + page.next().id()));
  }

  private static Optional<Position> parse(@Nullable String after) {
    if (after == null) {
      return Optional.of(Position.START);
    }
    int dot = after.indexOf('.');
    try {
      return dot < 0
          ? Optional.empty()
          : Optional.of(
              new Position(Long.parseLong(after.substring(0, dot)), after.substring(dot + 1)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Line line(SetAsideRecord message) {
    return new Line(
        message.submissionId(),
        message.reason(),
        Instant.ofEpochMilli(message.storedAtMillis()),
        Instant.ofEpochMilli(message.setAsideAtMillis()),
        message.envelope().length());
  }

  @ReadOperation
  WebEndpointResponse<Detail> inspect(@Selector String submissionId) throws StoreUnavailable {
    return find(submissionId)
        .map(kept ->
            new WebEndpointResponse<>(new Detail(line(kept.message()), kept.message().envelope())))
        .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
  }

  private Optional<Kept> find(String submissionId) throws StoreUnavailable {
    for (BankNode node : server.partitions()) {
      Optional<SetAsideRecord> message = node.setAside().find(submissionId);
      if (message.isPresent()) {
        return Optional.of(new Kept(node, message.get()));
      }
    }
    return Optional.empty();
  }

  /** Hands the message to the ledger once more; what is still wrong with it sets it aside again. */
  @WriteOperation
  WebEndpointResponse<Released> release(@Selector String submissionId)
      throws StoreUnavailable, InterruptedException {
    Optional<Kept> kept = find(submissionId);
    if (kept.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }
    SetAsideRecord message = kept.get().message();
    boolean released = kept.get().node().release(message.envelope(), message.storedAtMillis());
    return new WebEndpointResponse<>(
        new Released(submissionId, released),
        released ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
  }
}
