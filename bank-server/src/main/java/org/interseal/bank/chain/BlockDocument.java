package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.VerificationKey;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The text of a row of table {@code blocks}: {@code <JWS compact of the header>.<base64url of the
 * encrypted body>}. The signed header names the encrypted body by its digest. Format:
 * docs/reference/blocks.md.
 *
 * @param statement signed {@link BlockHeader}, of type {@link #STATEMENT_TYPE}
 * @param sealedBody base64url
 */
record BlockDocument(String statement, String sealedBody) {
  static final String STATEMENT_TYPE = "interseal-block";

  /** Largest plaintext body, in bytes. */
  static final int MAX_BODY_BYTES = 1024 * 1024;

  /** Nonce and tag. */
  private static final int SEAL_BYTES = 28;

  /** Room for a later version's approval. */
  private static final int MAX_STATEMENT_LENGTH = 2_800;

  private static final int MAX_SEALED_LENGTH = base64Length(MAX_BODY_BYTES + SEAL_BYTES);

  /** Longest text of any valid document. */
  static final int MAX_LENGTH = MAX_STATEMENT_LENGTH + 1 + MAX_SEALED_LENGTH;

  /** Only cut in two; nothing is verified. */
  static BlockDocument parse(String text) throws MalformedMessage {
    int cut = text.lastIndexOf('.');
    if (text.length() > MAX_LENGTH || cut < 0 || cut > MAX_STATEMENT_LENGTH) {
      throw new MalformedMessage("not a block document");
    }
    return new BlockDocument(text.substring(0, cut), text.substring(cut + 1));
  }

  String text() {
    return statement + "." + sealedBody;
  }

  Bytes hash() {
    return Bytes.sha256(Bytes.utf8(text()));
  }

  /**
   * What the header says of itself before its signature is looked at, in this and every later
   * version.
   *
   * @param approval of a later version, empty when there is none
   */
  record Claim(int version, String node, KeyId key, String approval) {}

  Claim claim() throws MalformedMessage {
    try {
      KeyId key = SignedStatement.claimedKey(statement);
      JsonNode header = ProtocolJson.mapper().readTree(payload().toUtf8());
      JsonNode version = header.path("v");
      JsonNode node = header.path("node");
      JsonNode approval = header.path("approval");
      if (!version.isInt()
          || !node.isString()
          || !BlockHeader.NODE.matcher(node.stringValue()).matches()) {
        throw new MalformedMessage("not a block header");
      }
      return new Claim(
          version.intValue(),
          node.stringValue(),
          key,
          approval.isString() ? approval.stringValue() : "");
    } catch (CryptoFailure
        | JacksonException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new MalformedMessage("not a block header");
    }
  }

  /** The signed header's JSON. */
  Bytes verifiedBy(VerificationKey key) throws CryptoFailure {
    return SignedStatement.verify(statement, STATEMENT_TYPE, key);
  }

  /** The header of a document that is known by its hash; its signature is not looked at again. */
  BlockHeader header() throws MalformedMessage {
    try {
      return ProtocolJson.decode(payload(), BlockHeader.class);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedMessage("not a block header");
    }
  }

  /** The statement's JSON as it claims to be. */
  private Bytes payload() {
    int from = statement.indexOf('.') + 1;
    return Bytes.base64Url(statement.substring(from, statement.indexOf('.', from)));
  }

  Bytes sealedBodyBytes() throws MalformedMessage {
    try {
      return Bytes.base64Url(sealedBody);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage("not base64url");
    }
  }

  private static int base64Length(int bytes) {
    return (bytes * 4 + 2) / 3;
  }
}
