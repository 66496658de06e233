package org.interseal.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
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
 * How far the bank's servers are behind, as their signed heartbeats say. One that does not change
 * counts for a short time only, so that a dead server, or a store that shows an old row, throttles
 * nobody for long.
 */
final class BankBacklog {
  /** A heartbeat that did not change for so long, by this gateway's running time, says nothing. */
  static final Duration FRESH = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(BankBacklog.class);

  /** More servers than this are not looked at. */
  private static final int MAX_SERVERS = 64;

  private record Seen(String body, long sinceNanos, long behindMillis) {}

  private final BankId bank;
  private final BankDirectory banks;
  private final MutableTable heartbeats;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private Map<String, Seen> seen = Map.of();
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
      look(heartbeats.all(bank.value() + "." + PartyRole.SERVER.code() + "."));
    } catch (StoreUnavailable e) {
      LOG.debug("heartbeats were not read: {}", e.getMessage());
      look(List.of());
    } catch (RuntimeException e) {
      LOG.error("reading heartbeats failed", e);
    }
  }

  private void look(List<MutableTable.Versioned> rows) {
    long now = nanoTime.getAsLong();
    Map<String, Seen> next = new HashMap<>();
    for (MutableTable.Versioned row : rows.subList(0, Math.min(rows.size(), MAX_SERVERS))) {
      Seen before = seen.get(row.id());
      boolean same = before != null && before.body().equals(row.body());
      next.put(row.id(), same ? before : new Seen(row.body(), now, said(row)));
    }
    seen = next;
    behindMillis =
        next.values().stream()
            .filter(one -> now - one.sinceNanos() < FRESH.toNanos())
            .mapToLong(Seen::behindMillis)
            .max()
            .orElse(0);
  }

  private long said(MutableTable.Versioned row) {
    try {
      var server =
          banks.node(
              bank, PartyRole.SERVER, SignedStatement.claimedKey(row.body()), clock.instant());
      if (server.isEmpty()) {
        return 0;
      }
      Heartbeat beat =
          ProtocolJson.decode(
              SignedStatement.verify(row.body(), Heartbeat.STATEMENT_TYPE, server.get().key()),
              Heartbeat.class);
      boolean own = row.id().equals(Heartbeat.rowId(Party.server(bank, beat.node())));
      return own ? Optional.ofNullable(beat.behindMillis()).orElse(0L) : 0;
    } catch (CryptoFailure | MalformedMessage | IllegalArgumentException e) {
      return 0;
    }
  }
}
