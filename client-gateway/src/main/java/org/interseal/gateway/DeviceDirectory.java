package org.interseal.gateway;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/**
 * Which devices may submit messages, as servers of this bank registered them.
 *
 * <p>Guarantees: a row counts only when a server certified under this bank signed it. Per device
 * and ledger partition the highest revision counts, and one partition that links a device is
 * enough: none takes away what another has given. What a server said that is no longer certified
 * counts only for devices of which no present server has said anything, so an evicted one cannot
 * overrule the others.
 *
 * <p>It is a filter at the edge, never the decision: the ledger knows for itself which devices are
 * linked. Thread-safe; questions take no lock.
 */
final class DeviceDirectory {
  /**
   * Rows by signers that are not certified yet, as far as this gateway knows. Further ones are
   * dropped.
   */
  static final int MAX_PENDING = 10_000;

  private static final int PAGE = 500;
  private static final int SWEEP_REFERENCES = 5_000;

  /** What one server last said of a device in one partition. */
  private record Word(KeyId server, int partition, long revision, boolean linked) {
    boolean sameSubject(Word other) {
      return server.equals(other.server) && partition == other.partition;
    }
  }

  private final BankId bank;
  private final BankDirectory banks;
  private final InstantSource clock;
  private final GatewayMeters meters;
  private final StreamReader reader;
  private final ConcurrentHashMap<String, List<Word>> words = new ConcurrentHashMap<>();
  private final ArrayDeque<String> pending = new ArrayDeque<>();
  private volatile boolean caughtUp;

  DeviceDirectory(
      BankId bank,
      BankDirectory banks,
      Store bankStore,
      InstantSource clock,
      GatewayMeters meters) {
    this.bank = bank;
    this.banks = banks;
    this.clock = clock;
    this.meters = meters;
    this.reader =
        new StreamReader(
            bankStore,
            bankStore.append(TableName.DEVICES),
            DeviceRegistration.STREAM,
            Position.START);
  }

  /** Whether the device may submit messages, as far as is known here. */
  boolean linked(String deviceId) {
    List<Word> said = words.getOrDefault(deviceId, List.of());
    List<Word> present =
        said.stream()
            .filter(word ->
                banks.node(bank, PartyRole.SERVER, word.server, clock.instant()).isPresent())
            .toList();
    return anyPartitionLinks(present.isEmpty() ? said : present);
  }

  private static boolean anyPartitionLinks(List<Word> said) {
    return said.stream()
        .anyMatch(word ->
            word.linked
                && said.stream()
                    .noneMatch(later ->
                        later.partition == word.partition && later.revision > word.revision));
  }

  /**
   * Whether everything was read at least once, by a gateway that knew whose signatures count:
   * before that an unknown device may well be a linked one.
   */
  boolean caughtUp() {
    return caughtUp;
  }

  int size() {
    return words.size();
  }

  /** Reads what is new. */
  synchronized void refresh() throws StoreUnavailable {
    boolean signersKnown = banks.everRefreshed();
    retryPending();
    for (List<Row> page = reader.pollAtRest(PAGE); !page.isEmpty(); page = reader.poll(PAGE)) {
      page.forEach(row -> take(row.body()));
    }
    caughtUp |= signersKnown;
  }

  /** Looks for rows that became visible behind the reader. */
  synchronized void sweep() throws StoreUnavailable {
    reader.sweep(0, SWEEP_REFERENCES).forEach(row -> take(row.body()));
  }

  private void retryPending() {
    int count = pending.size();
    for (int i = 0; i < count; i++) {
      take(pending.removeFirst());
    }
  }

  private void take(String body) {
    try {
      KeyId signer = SignedStatement.claimedKey(body);
      Optional<CertifiedParty> server = banks.everCertified(bank, PartyRole.SERVER, signer);
      if (server.isPresent()) {
        add(signer, registration(body, server.get()));
      } else if (pending.size() < MAX_PENDING) {
        pending.add(body);
      } else {
        meters.rowRefused("devices", "unknown-signer");
      }
    } catch (CryptoFailure e) {
      meters.rowRefused("devices", "bad-signature");
    } catch (MalformedMessage e) {
      meters.rowRefused("devices", "malformed");
    }
  }

  private static DeviceRegistration registration(String body, CertifiedParty server)
      throws CryptoFailure, MalformedMessage {
    Bytes payload = SignedStatement.verify(body, DeviceRegistration.STATEMENT_TYPE, server.key());
    return ProtocolJson.decode(payload, DeviceRegistration.class);
  }

  private void add(KeyId server, DeviceRegistration registration) {
    Word word =
        new Word(
            server, registration.ofPartition(), registration.revision(), registration.linked());
    words.merge(
        registration.deviceId(),
        List.of(word),
        (known, _) -> {
          if (known.stream().anyMatch(w -> w.sameSubject(word) && w.revision >= word.revision)) {
            return known;
          }
          return Stream.concat(known.stream().filter(w -> !w.sameSubject(word)), Stream.of(word))
              .toList();
        });
  }
}
