package org.interseal.protocol.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.NewRow;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code bank_keys}: {@code {"v":1,"kind":…,"statement":…,"chain":[…]}}.
 *
 * @param stream {@value #AUTHORITY_STREAM} for what the authority signs, else the bank's BIC
 * @param body the canonical JSON
 */
public record RegistryRow(String stream, String body) {
  public static final String AUTHORITY_STREAM = "authority";

  /** Longest row body that readers look at, in characters. */
  public static final int MAX_BODY_LENGTH = 64 * 1024;

  /** What a row holds. */
  enum Kind {
    @JsonProperty("licence")
    LICENCE("interseal-licence", BankLicence.class),
    @JsonProperty("epoch")
    EPOCH("interseal-epoch", EncryptionEpoch.class),
    @JsonProperty("node")
    NODE("", NodeCertificates.class),
    @JsonProperty("revocation")
    REVOCATION("interseal-revocation", NodeRevocation.class),
    @JsonProperty("resolution")
    RESOLUTION("interseal-resolution", Resolution.class);

    final String statementType;
    final Class<? extends RegistryRecord> payload;

    Kind(String statementType, Class<? extends RegistryRecord> payload) {
      this.statementType = statementType;
      this.payload = payload;
    }

    boolean ofAuthority() {
      return this == LICENCE || this == RESOLUTION;
    }
  }

  /** The JSON of a row. */
  record Document(int v, Kind kind, @Nullable String statement, @Nullable List<Bytes> chain) {
    static final int VERSION = 1;

    Document {
      java.util.Objects.requireNonNull(kind);
      chain = chain == null ? null : List.copyOf(chain);
    }
  }

  /** A licence, signed with the authority's root key. */
  public static RegistryRow of(BankLicence licence, SigningKey rootKey) {
    return signed(Kind.LICENCE, licence, null, rootKey);
  }

  /** A resolution, signed with the authority's root key. */
  public static RegistryRow of(Resolution resolution, SigningKey rootKey) {
    return signed(Kind.RESOLUTION, resolution, null, rootKey);
  }

  /** An epoch, signed with the certifying key that {@code bankCertificate} (DER) names. */
  public static RegistryRow of(
      EncryptionEpoch epoch, Bytes bankCertificate, SigningKey certifyingKey) {
    return signed(Kind.EPOCH, epoch, bankCertificate, certifyingKey);
  }

  /** A revocation, signed with the certifying key that {@code bankCertificate} (DER) names. */
  public static RegistryRow of(
      NodeRevocation revocation, Bytes bankCertificate, SigningKey certifyingKey) {
    return signed(Kind.REVOCATION, revocation, bankCertificate, certifyingKey);
  }

  /** A node's certificates. */
  public static RegistryRow of(NodeCertificates node) {
    return new RegistryRow(
        node.bank().value(),
        ProtocolJson.encodeText(
            new Document(Document.VERSION, Kind.NODE, null, node.chain().certificates())));
  }

  private static RegistryRow signed(
      Kind kind, RegistryRecord record, @Nullable Bytes bankCertificate, SigningKey key) {
    String statement = SignedStatement.sign(kind.statementType, ProtocolJson.encode(record), key);
    return new RegistryRow(
        kind.ofAuthority() ? AUTHORITY_STREAM : record.bank().value(),
        ProtocolJson.encodeText(
            new Document(
                Document.VERSION,
                kind,
                statement,
                bankCertificate == null ? null : List.of(bankCertificate))));
  }

  /** Names the content and where it stands, whatever the row's id is. */
  String name() {
    return stream + ":" + digest(body);
  }

  static String digest(String body) {
    return Bytes.sha256(Bytes.utf8(body)).toBase64Url();
  }

  /**
   * The row to insert.
   *
   * @param attempt from 0; the next when an id is occupied or an acknowledgement came too late
   */
  public NewRow toInsert(int attempt) {
    String id =
        Bytes.sha256OfFields(
                "interseal registry row v1",
                Bytes.utf8(stream),
                Bytes.utf8(body),
                Bytes.utf8(Integer.toString(attempt)))
            .toBase64Url();
    return new NewRow(stream, id, body);
  }
}
