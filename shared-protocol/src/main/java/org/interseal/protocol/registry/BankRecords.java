package org.interseal.protocol.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.KeyId;
import org.interseal.identity.PartyRole;
import org.jspecify.annotations.Nullable;

/**
 * All that was proven about one bank. Immutable. Whatever the order in which the same records are
 * added, the answers are the same: the highest licence counts, and only statements under its
 * certifying key.
 */
final class BankRecords {
  /** Most node certificates, revocations and epochs, each, that a reader keeps of one bank. */
  static final int MAX_RECORDS_PER_KIND = 5_000;

  /** At equal numbers a suspension wins, then the digest decides, so that all readers agree. */
  private static final Comparator<Proven.Licence> LICENCES =
      Comparator.<Proven.Licence>comparingLong(l -> l.record().number())
          .thenComparing(l -> l.record().status())
          .thenComparing(l -> RegistryRow.digest(l.body()));

  private static final Comparator<Proven.Epoch> EPOCHS =
      Comparator.<Proven.Epoch>comparingInt(e -> e.record().epoch())
          .thenComparingLong(e -> e.record().number())
          .thenComparing(e -> RegistryRow.digest(e.body()));

  private record Serial(KeyId certifyingKey, String serial) {}

  private final List<Proven.Licence> licences;
  private final List<Proven.Epoch> epochs;
  private final Map<KeyId, List<Proven.Node>> nodes;
  private final List<Proven.Revocation> revocations;

  // Derived, for reads without work.
  private final Proven.@Nullable Licence inForce;
  private final @Nullable LicensedBank licensed;
  private final Set<KeyId> certifyingKeysEver;
  private final Set<Serial> revoked;

  private BankRecords(
      List<Proven.Licence> licences,
      List<Proven.Epoch> epochs,
      Map<KeyId, List<Proven.Node>> nodes,
      List<Proven.Revocation> revocations) {
    this.licences = licences;
    this.epochs = epochs;
    this.nodes = nodes;
    this.revocations = revocations;
    this.inForce = licences.stream().max(LICENCES).orElse(null);
    this.certifyingKeysEver = new HashSet<>();
    for (Proven.Licence licence : licences) {
      certifyingKeysEver.add(licence.certifyingKey().id());
    }
    this.revoked = new HashSet<>();
    for (Proven.Revocation revocation : revocations) {
      revoked.add(new Serial(revocation.certifyingKey(), revocation.record().serial()));
    }
    this.licensed = inForce == null ? null : licensed(inForce);
  }

  static BankRecords none() {
    return new BankRecords(List.of(), List.of(), Map.of(), List.of());
  }

  private LicensedBank licensed(Proven.Licence licence) {
    Map<KeyId, Integer> keys = new HashMap<>();
    for (Proven.Licence each : licences) {
      keys.putIfAbsent(each.encryptionKey().id(), each.record().epoch());
    }
    Optional<Proven.Epoch> latest = latestEpoch(licence);
    for (Proven.Epoch each : epochs) {
      if (certifyingKeysEver.contains(each.certifyingKey())) {
        keys.putIfAbsent(each.encryptionKey().id(), each.record().epoch());
      }
    }
    return new LicensedBank(
        licence.record().bank(),
        licence.record().status(),
        licence.record().number(),
        latest.map(Proven.Epoch::encryptionKey).orElse(licence.encryptionKey()),
        latest.map(e -> e.record().epoch()).orElse(licence.record().epoch()),
        keys,
        licence.record().partitions(),
        licence.record().certificate(),
        licence.certifyingKey(),
        licence.window().from(),
        licence.window().until(),
        licence.record().legalName(),
        licence.record().legalForm());
  }

  private Optional<Proven.Epoch> latestEpoch(Proven.Licence licence) {
    return epochs.stream()
        .filter(e -> e.certifyingKey().equals(licence.certifyingKey().id()))
        .filter(e -> e.record().epoch() > licence.record().epoch())
        .max(EPOCHS);
  }

  /** The records with one more, and what is to be said about it. */
  record Added(BankRecords records, Optional<Refusal> refusal) {}

  Added with(Proven.Licence licence) {
    Optional<Refusal> refusal = Optional.empty();
    if (inForce != null && licence.record().number() <= inForce.record().number()) {
      boolean sameNumber =
          licences.stream().anyMatch(l -> l.record().number() == licence.record().number());
      refusal = Optional.of(sameNumber ? Refusal.CONTRADICTION : Refusal.NUMBER_NOT_HIGHER);
    }
    return new Added(new BankRecords(plus(licences, licence), epochs, nodes, revocations), refusal);
  }

  Added with(Proven.Epoch epoch) {
    if (epochs.size() >= MAX_RECORDS_PER_KIND) {
      return new Added(this, Optional.of(Refusal.TOO_MANY));
    }
    boolean stale =
        epochs.stream()
            .filter(e -> e.certifyingKey().equals(epoch.certifyingKey()))
            .anyMatch(e ->
                e.record().epoch() >= epoch.record().epoch()
                    || e.record().number() >= epoch.record().number());
    return new Added(
        new BankRecords(licences, plus(epochs, epoch), nodes, revocations),
        stale ? Optional.of(Refusal.NUMBER_NOT_HIGHER) : Optional.empty());
  }

  Added with(Proven.Node node) {
    if (nodes.values().stream().mapToInt(List::size).sum() >= MAX_RECORDS_PER_KIND) {
      return new Added(this, Optional.of(Refusal.TOO_MANY));
    }
    Map<KeyId, List<Proven.Node>> next = new HashMap<>(nodes);
    next.merge(node.party().key().id(), List.of(node), BankRecords::joined);
    return new Added(new BankRecords(licences, epochs, next, revocations), Optional.empty());
  }

  /** A revocation counts whatever its number: letting one be overtaken would bring a node back. */
  Added with(Proven.Revocation revocation) {
    if (revocations.size() >= MAX_RECORDS_PER_KIND) {
      return new Added(this, Optional.of(Refusal.TOO_MANY));
    }
    return new Added(
        new BankRecords(licences, epochs, nodes, plus(revocations, revocation)), Optional.empty());
  }

  Optional<LicensedBank> licensed() {
    return Optional.ofNullable(licensed);
  }

  Optional<BankLicence> licenceInForce() {
    return Optional.ofNullable(inForce).map(Proven.Licence::record);
  }

  Optional<CertifiedParty> node(PartyRole role, KeyId key, Instant at) {
    return nodes.getOrDefault(key, List.of()).stream()
        .filter(node -> speaks(node, role, at))
        .findFirst()
        .map(Proven.Node::party);
  }

  List<CertifiedParty> nodes(PartyRole role, Instant at) {
    return nodes.values().stream()
        .flatMap(Collection::stream)
        .filter(node -> speaks(node, role, at))
        .map(Proven.Node::party)
        .sorted(
            Comparator.comparing((CertifiedParty p) -> p.party().name())
                .thenComparing(Comparator.comparing(CertifiedParty::notAfter).reversed()))
        .toList();
  }

  private boolean speaks(Proven.Node node, PartyRole role, Instant at) {
    return node.party().party().role() == role
        && inForce != null
        && node.certifyingKey().equals(inForce.certifyingKey().id())
        && node.window().contains(at)
        && !revoked.contains(new Serial(node.certifyingKey(), node.party().serial()));
  }

  boolean revoked(KeyId key) {
    return nodes.getOrDefault(key, List.of()).stream()
        .anyMatch(
            node -> revoked.contains(new Serial(node.certifyingKey(), node.party().serial())));
  }

  /** Every node certificate under a certifying key that the bank has or had. */
  List<CertifiedNode> certifiedNodes() {
    return nodes.values().stream()
        .flatMap(Collection::stream)
        .filter(node -> certifyingKeysEver.contains(node.certifyingKey()))
        .map(node ->
            new CertifiedNode(
                node.party().party(),
                node.party().key().id(),
                node.party().encryptionKey(),
                node.window().from(),
                node.window().until(),
                revoked.contains(new Serial(node.certifyingKey(), node.party().serial())),
                inForce != null && node.certifyingKey().equals(inForce.certifyingKey().id())))
        .sorted(
            Comparator.comparing((CertifiedNode node) -> node.party().role())
                .thenComparing(node -> node.party().name())
                .thenComparing(CertifiedNode::from)
                .thenComparing(node -> node.key().value()))
        .toList();
  }

  /** Servers with a revoked certificate, one entry for each key, in order of their revocations. */
  List<RevokedServer> revokedServers() {
    Map<Serial, List<Proven.Node>> bySerial = new HashMap<>();
    nodes.values().stream()
        .flatMap(Collection::stream)
        .filter(node -> certifyingKeysEver.contains(node.certifyingKey()))
        .sorted(Comparator.comparing(Proven.Node::body))
        .forEach(node ->
            bySerial
                .computeIfAbsent(
                    new Serial(node.certifyingKey(), node.party().serial()), _ -> new ArrayList<>())
                .add(node));
    Map<KeyId, RevokedServer> found = new LinkedHashMap<>();
    revocations.stream()
        .sorted(
            Comparator.comparingLong((Proven.Revocation r) -> r.record().number())
                .thenComparing(Proven.Revocation::body))
        .forEach(revocation ->
            bySerial
                .getOrDefault(
                    new Serial(revocation.certifyingKey(), revocation.record().serial()), List.of())
                .stream()
                .filter(revocation::isOfServer)
                .forEach(
                    node -> found.putIfAbsent(node.party().key().id(), revocation.server(node))));
    return List.copyOf(found.values());
  }

  Optional<CertifiedParty> everCertified(PartyRole role, KeyId key) {
    return nodes.getOrDefault(key, List.of()).stream()
        .filter(node -> node.party().party().role() == role)
        .filter(node -> certifyingKeysEver.contains(node.certifyingKey()))
        .findFirst()
        .map(Proven.Node::party);
  }

  Optional<NodeCertificates> certificates(KeyId key) {
    return nodes.getOrDefault(key, List.of()).stream().findFirst().map(Proven.Node::record);
  }

  /** The highest number of a statement that the bank signed, 0 before the first. */
  long highestOwnNumber() {
    long highest = 0;
    for (Proven.Epoch epoch : epochs) {
      highest = Math.max(highest, epoch.record().number());
    }
    for (Proven.Revocation revocation : revocations) {
      highest = Math.max(highest, revocation.record().number());
    }
    return highest;
  }

  /** The rows that prove what this object answers. */
  List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    licences.forEach(l -> bodies.add(l.body()));
    epochs.forEach(e -> bodies.add(e.body()));
    nodes.values().forEach(list -> list.forEach(n -> bodies.add(n.body())));
    revocations.forEach(r -> bodies.add(r.body()));
    return bodies;
  }

  /** What must not be forgotten, see {@link BankDirectory#lastWords}. */
  List<String> lastWords() {
    List<String> words = new ArrayList<>();
    if (inForce != null) {
      words.add(inForce.body());
      latestEpoch(inForce).ifPresent(epoch -> words.add(epoch.body()));
    }
    revocations.stream()
        .sorted(Comparator.comparingLong((Proven.Revocation r) -> r.record().number()).reversed())
        .forEach(revocation -> words.add(revocation.body()));
    return words;
  }

  private static List<Proven.Node> joined(List<Proven.Node> known, List<Proven.Node> more) {
    List<Proven.Node> all = new ArrayList<>(known);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static <T> List<T> plus(List<T> list, T element) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return List.copyOf(longer);
  }
}
