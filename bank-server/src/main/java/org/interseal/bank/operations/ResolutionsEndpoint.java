package org.interseal.bank.operations;

import java.util.List;
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
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The authority's signed resolutions of money that waits. They are applied by themselves once they
 * stand in the registry's table; an operator who got one by other means puts it there.
 */
@WebEndpoint(id = "resolutions")
final class ResolutionsEndpoint {
  private final BankId bank;
  private final BankDirectory directory;
  private final RootCertificate root;
  private final Store shared;

  ResolutionsEndpoint(BankId bank, BankDirectory directory, RootCertificate root, Store shared) {
    this.bank = bank;
    this.directory = directory;
    this.root = root;
    this.shared = shared;
  }

  @ReadOperation
  List<Resolution> known() {
    return directory.resolutions(bank);
  }

  /**
   * Publishes a resolution, when the authority signed it and it is about this bank.
   *
   * @param row the body of the registry's row
   */
  @WriteOperation
  WebEndpointResponse<List<Resolution>> apply(String row)
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
        proven,
        stands ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
  }
}
