package org.interseal.bank.operations;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.Resolution;
import org.interseal.store.InsertOutcome;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The authority's signed resolutions of money that waits. They are applied by themselves once they
 * stand in the registry's table; an operator who got one by other means puts it there.
 */
@WebEndpoint(id = "resolutions")
final class ResolutionsEndpoint {
  /** Most waiting transfers that are listed. */
  static final int MAX_LISTED = 1_000;

  /**
   * A transfer, as the authority names it.
   *
   * @param transferDigest base64url
   */
  record Named(
      String bank,
      int partition,
      String targetBank,
      int targetPartition,
      long transferNumber,
      String transferDigest) {}

  /** What the authority said of a transfer. */
  record Resolved(Named transfer, boolean settled) {
    static Resolved of(Resolution resolution) {
      return new Resolved(
          new Named(
              resolution.bank().value(),
              resolution.partition(),
              resolution.targetBank().value(),
              resolution.targetPartition(),
              resolution.transferNumber(),
              resolution.transferDigest().toBase64Url()),
          resolution.settled());
    }
  }

  /** A transfer of ours without an answer. */
  record Waiting(Named transfer, Instant since) {}

  /** With the partition that sent it. */
  private record Sent(int partition, OutstandingTransfer transfer) {}

  private final BankServer server;
  private final BankId bank;
  private final BankDirectory directory;
  private final RootCertificate root;
  private final Store shared;

  ResolutionsEndpoint(
      BankServer server, BankDirectory directory, RootCertificate root, Store shared) {
    this.server = server;
    this.bank = server.settings().bank();
    this.directory = directory;
    this.root = root;
    this.shared = shared;
  }

  @ReadOperation
  List<Resolved> known() {
    return directory.resolutions(bank).stream().map(Resolved::of).toList();
  }

  /**
   * What waits for a bank's answer, the oldest first, in the words that the authority's officer
   * needs to resolve it.
   *
   * @param target the BIC of the bank that does not answer
   */
  @ReadOperation
  List<Waiting> waiting(@Selector String target) {
    return server.partitions().stream()
        .map(BankNode::ledger)
        .flatMap(ledger -> ledger.outstanding().map(sent -> new Sent(ledger.partition(), sent)))
        .filter(sent -> sent.transfer().target().bank().value().equals(target))
        .sorted(Comparator.comparingLong(sent -> sent.transfer().sentAtMillis()))
        .limit(MAX_LISTED)
        .map(this::waiting)
        .toList();
  }

  private Waiting waiting(Sent sent) {
    OutstandingTransfer transfer = sent.transfer();
    return new Waiting(
        new Named(
            bank.value(),
            sent.partition(),
            transfer.target().bank().value(),
            transfer.target().partition(),
            transfer.transfer().number(),
            transfer.digest().toBase64Url()),
        Instant.ofEpochMilli(transfer.sentAtMillis()));
  }

  /**
   * Publishes a resolution, when the authority signed it and it is about this bank.
   *
   * @param row the body of the registry's row
   */
  @WriteOperation
  WebEndpointResponse<List<Resolved>> apply(String row)
      throws StoreUnavailable, InvalidKeyMaterial {
    List<Resolution> proven = BankDirectory.verified(root, List.of(row)).resolutions(bank);
    if (proven.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_BAD_REQUEST);
    }
    RegistryRow registryRow = new RegistryRow(RegistryRow.AUTHORITY_STREAM, row);
    InsertOutcome outcome =
        shared
            .append(TableName.BANK_KEYS)
            .insert(List.of(registryRow.toInsert(0)))
            .join()
            .getFirst();
    boolean stands =
        switch (outcome) {
          case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _ -> true;
          case InsertOutcome.Occupied _, InsertOutcome.Unknown _, InsertOutcome.Failed _ -> false;
        };
    directory.refresh();
    return new WebEndpointResponse<>(
        proven.stream().map(Resolved::of).toList(),
        stands ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
  }
}
