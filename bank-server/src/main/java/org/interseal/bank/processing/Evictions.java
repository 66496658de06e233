package org.interseal.bank.processing;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockDraft;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.RevokedServer;

/** What the registry says of the bank's own servers whose keys were revoked. Thread-safe. */
final class Evictions {
  private final BankId bank;
  private final KeyId ownKey;
  private final BankDirectory directory;
  private final InstantSource clock;

  private record Known(long version, List<RevokedServer> revoked) {}

  private volatile Known known = new Known(-1, List.of());

  /**
   * @param ownKey which this server signs with
   */
  Evictions(BankId bank, KeyId ownKey, BankDirectory directory, InstantSource clock) {
    this.bank = bank;
    this.ownKey = ownKey;
    this.directory = directory;
    this.clock = clock;
  }

  /** Revoked servers that the chain does not evict yet. */
  List<LedgerInput.ServerRevoked> pending(LedgerState state) {
    return revoked().stream()
        .filter(server -> !state.isEvicted(server.key()))
        .map(Evictions::input)
        .toList();
  }

  private List<RevokedServer> revoked() {
    long version = directory.version();
    Known last = known;
    if (last.version() != version) {
      last = new Known(version, directory.revokedServers(bank));
      known = last;
    }
    return last.revoked();
  }

  private static LedgerInput.ServerRevoked input(RevokedServer server) {
    return new LedgerInput.ServerRevoked(
        "eviction/" + server.key().value(),
        server.server().name(),
        server.key(),
        server.revocation(),
        server.certificate());
  }

  /**
   * The content of a block that evicts whom the chain does not evict yet, and does nothing else;
   * empty when there is nobody. At the time of the block before: it decides nothing by time.
   */
  Optional<Bytes> takeOver(LedgerContent content) {
    LedgerState state = content.state();
    List<LedgerInput.ServerRevoked> pending = pending(state);
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    BlockDraft draft = new BlockDraft(state, 0, state.ledgerTimeMillis());
    for (LedgerInput.ServerRevoked revoked : pending) {
      if (draft.add(revoked).isEmpty()) {
        // The others follow in a later block.
        break;
      }
    }
    BlockBody body = draft.body(state.cursor(), state.outboxDoneHeight(), null);
    return Optional.of(content.prepare(body, draft.after(body)));
  }

  /** Whether nobody of that name speaks for the bank, because it was revoked. */
  boolean isRevoked(String node) {
    return revoked().stream().anyMatch(server -> server.server().name().equals(node))
        && directory.nodes(bank, PartyRole.SERVER, clock.instant()).stream()
            .noneMatch(server -> server.party().name().equals(node));
  }

  /**
   * @throws Halt when this very server's key was revoked
   */
  void requireInForce() throws Halt {
    if (revoked().stream().anyMatch(server -> server.key().equals(ownKey))) {
      throw new Halt(
          Halt.Kind.EVICTED,
          "this server was evicted: the bank revoked its key "
              + ownKey
              + "; it needs a new vault, enrolled again, to come back");
    }
  }
}
