package org.interseal.protocol.tag;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.TagKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all writers that tag rows for one bank. Thread-safe.
 *
 * <p>Only certified servers of any bank, and gateways and branches of this one, are believed. What
 * has been proved stays until its writer publishes a newer key or loses its certificate, so that
 * who overwrites or deletes published keys, or shows old ones again, hurts only readers that start
 * meanwhile.
 */
public final class TagKeys {
  /** Most writers; each costs every untagged row a hash. */
  static final int MAX_WRITERS = 512;

  private record Known(String statement, KeyId signer, Party writer, long number, TagKey key) {}

  private final BankId reader;
  private final BankDirectory directory;
  private final Store shared;
  private final Function<KeyId, Optional<DecryptionKey>> decryptionKeys;
  private final InstantSource clock;
  private volatile List<Known> known = List.of();

  public TagKeys(
      BankId reader,
      BankDirectory directory,
      Store shared,
      Function<KeyId, Optional<DecryptionKey>> decryptionKeys,
      InstantSource clock) {
    this.reader = reader;
    this.directory = directory;
    this.shared = shared;
    this.decryptionKeys = decryptionKeys;
    this.clock = clock;
  }

  /** Reads what is new: at most one unwrapping for each certified writer. */
  public synchronized void refresh() throws StoreUnavailable {
    Map<String, Known> next = new HashMap<>();
    for (Known one : known) {
      if (certified(one.writer().role(), one.writer().bank(), one.signer()).isPresent()) {
        next.put(WriterTagKey.rowId(reader, one.writer()), one);
      }
    }
    for (MutableTable.Versioned row :
        shared.mutable(TableName.HEARTBEATS).all(WriterTagKey.rowPrefix(reader))) {
      Known before = next.get(row.id());
      boolean same = before != null && before.statement().equals(row.body());
      if (!same && (before != null || next.size() < MAX_WRITERS)) {
        proved(row, before == null ? Long.MIN_VALUE : before.number())
            .ifPresent(one -> next.put(row.id(), one));
      }
    }
    known = List.copyOf(next.values());
  }

  private Optional<CertifiedParty> certified(PartyRole role, @Nullable BankId bank, KeyId key) {
    boolean writes =
        switch (role) {
          case SERVER -> true;
          case GATEWAY, BRANCH -> reader.equals(bank);
          case AUTHORITY, BANK, INTERNAL_CA, DEVICE -> false;
        };
    return writes && bank != null
        ? directory.node(bank, role, key, clock.instant())
        : Optional.empty();
  }

  /**
   * @param above what the statement's number has to exceed: an older one, however genuine, is not
   *     the writer's last word
   */
  private Optional<Known> proved(MutableTable.Versioned row, long above) {
    String[] name = row.id().substring(WriterTagKey.rowPrefix(reader).length()).split("\\.", -1);
    if (name.length != 3) {
      return Optional.empty();
    }
    try {
      KeyId signer = SignedStatement.claimedKey(row.body());
      Optional<PartyRole> role = role(name[1]);
      Optional<CertifiedParty> node =
          role.isEmpty() ? Optional.empty() : certified(role.get(), new BankId(name[0]), signer);
      if (node.isEmpty() || !row.id().equals(WriterTagKey.rowId(reader, node.get().party()))) {
        return Optional.empty();
      }
      return opened(row.body(), signer, node.get(), above);
    } catch (CryptoFailure | MalformedMessage | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<PartyRole> role(String code) {
    for (PartyRole role : PartyRole.values()) {
      if (role.code().equals(code)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  private Optional<Known> opened(String statement, KeyId signer, CertifiedParty node, long above)
      throws CryptoFailure, MalformedMessage {
    WriterTagKey content =
        ProtocolJson.decode(
            SignedStatement.verify(statement, WriterTagKey.STATEMENT_TYPE, node.key()),
            WriterTagKey.class);
    Optional<DecryptionKey> own = decryptionKeys.apply(content.kid());
    if (content.v() != WriterTagKey.VERSION
        || content.number() <= above
        || !content.reader().equals(reader)
        || own.isEmpty()) {
      return Optional.empty();
    }
    TagKey key =
        KeyWrap.unwrapTagKey(
            content.wrapped(), own.get(), WriterTagKey.context(reader, node.party()));
    return Optional.of(new Known(statement, signer, node.party(), content.number(), key));
  }

  /** How many writers are known. */
  public int size() {
    return known.size();
  }

  /**
   * Who tagged this row. Empty when nobody did whose key is known: the tag says nothing about its
   * author, so each key is tried, which costs a hash.
   */
  public Optional<Party> writerOf(String rowId, String submissionId, TaggedEnvelope content) {
    Bytes tag = content.tag();
    if (tag == null) {
      return Optional.empty();
    }
    Bytes text = TaggedEnvelope.text(rowId, submissionId);
    for (Known one : known) {
      if (one.key().tagged(text, tag)) {
        return Optional.of(one.writer());
      }
    }
    return Optional.empty();
  }
}
