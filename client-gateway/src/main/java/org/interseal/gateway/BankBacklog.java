package org.interseal.gateway;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the bank's servers are behind, as their signed heartbeats say. Of each server only one
 * that is later than all that were seen counts, if it is recent, and for a short time: a dead
 * server, or who shows old rows again, throttles nobody for long.
 */
final class BankBacklog {
  /** A heartbeat that no later one followed for so long, by running time, says nothing. */
  static final Duration FRESH = Duration.ofSeconds(10);

  /** Most difference between a heartbeat's time and this gateway's clock, either way. */
  static final Duration MAX_OFF = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(BankBacklog.class);

  /** More servers than this are not looked at. */
  private static final int MAX_SERVERS = 64;

  /** The latest heartbeat of a server. */
  private record Seen(String body, long atMillis, long sinceNanos, long behindMillis) {}

  private final BankId bank;
  private final BankDirectory banks;
  private final MutableTable heartbeats;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private Map<Party, Seen> seen = Map.of();
  private volatile long behindMillis;

  BankBacklog(
      BankId bank, BankDirectory banks, Store shared, InstantSource clock, LongSupplier nanoTime) {
    this.bank = bank;
    this.banks = banks;
    this.heartbeats = shared.mutable(TableName.HEARTBEATS);
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** 0 when the servers keep up, or nothing is known. */
  long behindMillis() {
    return behindMillis;
  }

  /** For a timer: never throws for an operating error. */
  synchronized void refresh() {
    try {
      look();
    } catch (StoreUnavailable e) {
      LOG.debug("heartbeats were not read: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("reading heartbeats failed", e);
    }
    long now = nanoTime.getAsLong();
    behindMillis =
        seen.values().stream()
            .filter(one -> now - one.sinceNanos() < FRESH.toNanos())
            .mapToLong(Seen::behindMillis)
            .max()
            .orElse(0);
  }

  /**
   * Asks for certified servers by name: anybody who may write there can add rows of other names.
   */
  private void look() throws StoreUnavailable {
    List<Party> servers =
        banks.nodes(bank, PartyRole.SERVER, clock.instant()).stream()
            .map(CertifiedParty::party)
            .distinct()
            .limit(MAX_SERVERS)
            .toList();
    Map<Party, Seen> next = new HashMap<>(seen);
    next.keySet().retainAll(servers);
    for (Party server : servers) {
      Optional<MutableTable.Versioned> row = heartbeats.find(Heartbeat.rowId(server));
      Seen before = next.get(server);
      if (row.isPresent() && (before == null || !before.body().equals(row.get().body()))) {
        said(server, row.get().body())
            .filter(beat -> before == null || beat.atMillis() > before.atMillis())
            .ifPresent(beat -> next.put(server, beat));
      }
    }
    seen = next;
  }

  private Optional<Seen> said(Party server, String body) {
    Instant now = clock.instant();
    try {
      Optional<CertifiedParty> signer =
          banks
              .node(bank, PartyRole.SERVER, SignedStatement.claimedKey(body), now)
              .filter(one -> one.party().equals(server));
      if (signer.isEmpty()) {
        return Optional.empty();
      }
      Heartbeat beat =
          ProtocolJson.decode(
              SignedStatement.verify(body, Heartbeat.STATEMENT_TYPE, signer.get().key()),
              Heartbeat.class);
      long earliest = now.minus(MAX_OFF).toEpochMilli();
      long latest = now.plus(MAX_OFF).toEpochMilli();
      if (beat.atMillis() < earliest || beat.atMillis() > latest) {
        return Optional.empty();
      }
      long behind = Optional.ofNullable(beat.behindMillis()).orElse(0L);
      return Optional.of(new Seen(body, beat.atMillis(), nanoTime.getAsLong(), behind));
    } catch (CryptoFailure | MalformedMessage | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
