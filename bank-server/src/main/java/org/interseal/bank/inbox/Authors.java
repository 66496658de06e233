package org.interseal.bank.inbox;

import java.util.Optional;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceMessage.ActivateDevice;
import org.interseal.protocol.message.MessageType;

/**
 * Whose signature the bank believes: its own devices (by the ledger), its own branches and the
 * servers of licensed banks (by the registry). A device that is being linked is named by the hash
 * of the keys that its own letter carries.
 */
public final class Authors implements AuthorKeys {
  private static final String ACTIVATE = activateType();

  private final BankId bank;
  private final DeviceDirectory devices;
  private final CertifiedNodes nodes;
  private final VerificationKeyCache cache;

  public Authors(
      BankId bank, DeviceDirectory devices, CertifiedNodes nodes, VerificationKeyCache cache) {
    this.bank = bank;
    this.devices = devices;
    this.nodes = nodes;
    this.cache = cache;
  }

  private static String activateType() {
    return java.util.stream.Stream.of("device.activate.v1")
        .filter(name -> MessageType.named(name).orElseThrow().body() == ActivateDevice.class)
        .findFirst()
        .orElseThrow();
  }

  /** Whether this bank is licensed and not suspended, as far as we know now. */
  boolean isUsable(BankId other) {
    return nodes.isUsable(other);
  }

  @Override
  public Optional<VerificationKey> find(Letter unverified, KeyId signingKey) {
    Party author = unverified.author();
    if (author.role() == PartyRole.DEVICE
        && bank.equals(author.bank())
        && unverified.type().equals(ACTIVATE)) {
      return keyOfNewDevice(unverified, signingKey);
    }
    return find(author, signingKey);
  }

  private Optional<VerificationKey> keyOfNewDevice(Letter unverified, KeyId signingKey) {
    try {
      DeviceMessage.ActivateDevice body =
          ProtocolJson.decode(unverified.body(), ActivateDevice.class);
      return body.keys().deviceId().equals(unverified.author().name())
          ? parse(body.keys().signing(), signingKey)
          : Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<VerificationKey> find(Party author, KeyId signingKey) {
    BankId authorBank = author.bank();
    if (authorBank == null) {
      return Optional.empty();
    }
    boolean ours = authorBank.equals(bank);
    return switch (author.role()) {
      case DEVICE ->
          ours
              ? devices.signingKey(author.name()).flatMap(spki -> cache.get(spki, signingKey))
              : Optional.empty();
      case BRANCH -> ours ? nodes.key(author, signingKey) : Optional.empty();
      case SERVER -> ours ? Optional.empty() : nodes.key(author, signingKey);
      case AUTHORITY, BANK, INTERNAL_CA, GATEWAY -> Optional.empty();
    };
  }

  /** Not cached: anybody can send keys of devices that never get linked. */
  private static Optional<VerificationKey> parse(Bytes spki, KeyId expected) {
    try {
      VerificationKey key = VerificationKey.fromSpki(spki);
      return key.id().equals(expected) ? Optional.of(key) : Optional.empty();
    } catch (InvalidKeyMaterial e) {
      return Optional.empty();
    }
  }
}
