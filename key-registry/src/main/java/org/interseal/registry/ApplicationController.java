package org.interseal.registry;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a bank does to get a licence. Open to everybody: the keys are the credentials. */
@RestController
@RequestMapping("/v1/applications")
class ApplicationController {
  private final Licensing licensing;

  ApplicationController(Licensing licensing) {
    this.licensing = licensing;
  }

  /** A bank's request; keys in DER, base64url. */
  record ApplicationRequest(
      Bytes pkcs10, Bytes encryptionKey, int partitions, String legalName, String legalForm) {
    ApplicationRequest {
      java.util.Objects.requireNonNull(pkcs10);
      java.util.Objects.requireNonNull(encryptionKey);
      java.util.Objects.requireNonNull(legalName);
      java.util.Objects.requireNonNull(legalForm);
    }
  }

  record ApplicationReceipt(String id, BankId bank, Bytes challenge, long expiresAtMillis) {}

  record ProofRequest(Bytes opened) {
    ProofRequest {
      java.util.Objects.requireNonNull(opened);
    }
  }

  record ApplicationView(
      String id,
      BankId bank,
      Application.State state,
      String legalName,
      String legalForm,
      int partitions,
      KeyId certifyingKey,
      KeyId encryptionKey,
      long appliedAtMillis,
      long licenceNumber,
      @Nullable String reason) {
    static ApplicationView of(Application a) {
      return new ApplicationView(
          a.id(),
          a.bank(),
          a.state(),
          a.legalName(),
          a.legalForm(),
          a.partitions(),
          a.certifyingKey().id(),
          a.encryptionKey().id(),
          a.appliedAt().toEpochMilli(),
          a.licenceNumber(),
          a.reason());
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  ApplicationReceipt apply(@RequestBody ApplicationRequest request) {
    Licensing.Challenge challenge =
        Answers.valueOrProblem(
            licensing.apply(
                request.pkcs10(),
                request.encryptionKey(),
                request.partitions(),
                request.legalName(),
                request.legalForm()));
    return new ApplicationReceipt(
        challenge.application().id(),
        challenge.application().bank(),
        challenge.sealed(),
        challenge.expiresAt().toEpochMilli());
  }

  @PostMapping(path = "/{id}/proof", consumes = MediaType.APPLICATION_JSON_VALUE)
  ApplicationView prove(@PathVariable String id, @RequestBody ProofRequest proof) {
    return ApplicationView.of(Answers.valueOrProblem(licensing.prove(id, proof.opened())));
  }

  @GetMapping("/{id}")
  ApplicationView find(@PathVariable String id) {
    return ApplicationView.of(Answers.valueOrProblem(licensing.find(id)));
  }
}
