package org.interseal.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.RegistryRow;
import org.jspecify.annotations.Nullable;

/** What happened at the authority. Recorded before it has any effect. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalEvent.ApplicationProved.class, name = "application-proved"),
  @JsonSubTypes.Type(value = JournalEvent.ApplicationApproved.class, name = "application-approved"),
  @JsonSubTypes.Type(value = JournalEvent.ApplicationRejected.class, name = "application-rejected"),
  @JsonSubTypes.Type(value = JournalEvent.LicenceChanged.class, name = "licence-changed"),
  @JsonSubTypes.Type(value = JournalEvent.TransferResolved.class, name = "transfer-resolved")
})
sealed interface JournalEvent {
  /** The row that this event publishes. */
  default Optional<RegistryRow> published() {
    return Optional.empty();
  }

  /** A bank opened the challenge to its encryption key; from now on an officer can decide. */
  record ApplicationProved(
      String application,
      BankId bank,
      Bytes pkcs10,
      Bytes encryptionKey,
      int partitions,
      String legalName,
      String legalForm,
      Bytes challengeHash,
      long appliedAtMillis)
      implements JournalEvent {}

  record ApplicationApproved(String application, BankId bank, long licenceNumber, RegistryRow row)
      implements JournalEvent {
    @Override
    public Optional<RegistryRow> published() {
      return Optional.of(row);
    }
  }

  record ApplicationRejected(String application, BankId bank, String reason)
      implements JournalEvent {}

  /** What an officer did to a licence. */
  enum Change {
    SUSPENDED,
    REINSTATED,
    RENEWED
  }

  record LicenceChanged(
      BankId bank, Change change, long licenceNumber, @Nullable String reason, RegistryRow row)
      implements JournalEvent {
    @Override
    public Optional<RegistryRow> published() {
      return Optional.of(row);
    }
  }

  record TransferResolved(
      BankId bank, BankId targetBank, long transferNumber, boolean settled, RegistryRow row)
      implements JournalEvent {
    @Override
    public Optional<RegistryRow> published() {
      return Optional.of(row);
    }
  }
}
