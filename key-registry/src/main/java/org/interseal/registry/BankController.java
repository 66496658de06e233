package org.interseal.registry;

import java.util.List;
import java.util.Locale;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.service.ProblemException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What everybody may know. Readers that can reach the store verify it there instead. */
@RestController
@RequestMapping("/v1")
class BankController {
  private final BankDirectory directory;
  private final RootCertificate root;

  BankController(BankDirectory directory, RootCertificate root) {
    this.directory = directory;
    this.root = root;
  }

  record BankView(
      BankId bank,
      LicenceStatus status,
      long licenceNumber,
      String legalName,
      String legalForm,
      int partitions,
      int epoch,
      KeyId encryptionKeyId,
      Bytes encryptionKey,
      Bytes certificate,
      long notBeforeMillis,
      long notAfterMillis) {
    static BankView of(LicensedBank bank) {
      return new BankView(
          bank.bank(),
          bank.status(),
          bank.licenceNumber(),
          bank.legalName(),
          bank.legalForm(),
          bank.partitions(),
          bank.epoch(),
          bank.encryptionKey().id(),
          bank.encryptionKey().spki(),
          bank.certificate(),
          bank.notBefore().toEpochMilli(),
          bank.notAfter().toEpochMilli());
    }
  }

  record BankList(List<BankView> banks) {}

  record RecordList(List<String> records) {}

  @GetMapping("/banks")
  BankList banks() {
    return new BankList(directory.banks().stream().map(BankView::of).toList());
  }

  @GetMapping("/banks/{bic}")
  BankView bank(@PathVariable String bic) {
    return BankView.of(licensed(bic));
  }

  /** The rows that prove it, for {@code BankDirectory.verified}. */
  @GetMapping("/banks/{bic}/records")
  RecordList records(@PathVariable String bic) {
    return new RecordList(directory.records(licensed(bic).bank()));
  }

  @GetMapping(path = "/root", produces = "application/pkix-cert")
  byte[] root() {
    return root.der().toArray();
  }

  private LicensedBank licensed(String bic) {
    return directory.bank(bankId(bic)).orElseThrow(BankController::unknown);
  }

  /** The bank of a path; unknown when it cannot be one. */
  static BankId bankId(String bic) {
    try {
      return new BankId(bic.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static ProblemException unknown() {
    return new ProblemException(RegistryProblem.BANK_UNKNOWN, "It never had a licence here.");
  }
}
