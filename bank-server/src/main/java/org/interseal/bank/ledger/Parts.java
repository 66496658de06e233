package org.interseal.bank.ledger;

import org.interseal.identity.BankId;
import org.interseal.store.Position;
import org.pcollections.TreePMap;

/**
 * What a {@link LedgerState} is made of; every part is immutable and shares structure with its
 * successor.
 *
 * @param siblings per other partition of this bank, the height up to which its chain is consumed
 */
record Parts(
    BankId bank,
    int partition,
    Progress progress,
    LedgerTerms terms,
    RegistryView registry,
    AccountBook accounts,
    Balances balances,
    TreePMap<String, DeviceView> devices,
    TreePMap<String, MessageWindow> windows,
    References references,
    TreePMap<Peer, OutgoingPair> outgoing,
    TreePMap<Peer, IncomingPair> incoming,
    TreePMap<Peer, PeerHead> heads,
    TreePMap<String, Long> evidence,
    TreePMap<Integer, Long> siblings) {
  /** How far the chain was folded. */
  record Progress(long height, long timeMillis, Position cursor, long outboxDoneHeight) {}

  static Parts empty(BankId bank, int partition) {
    return new Parts(
        bank,
        partition,
        new Progress(0, 0, Position.START, 0),
        LedgerTerms.none(),
        RegistryView.NONE,
        AccountBook.EMPTY,
        Balances.EMPTY,
        TreePMap.empty(),
        TreePMap.empty(),
        References.EMPTY,
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty());
  }

  Parts with(Progress next) {
    return new Parts(
        bank,
        partition,
        next,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(LedgerTerms next) {
    return new Parts(
        bank,
        partition,
        progress,
        next,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(RegistryView next) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        next,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(AccountBook next) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        next,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(AccountBook nextAccounts, Balances nextBalances) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        nextAccounts,
        nextBalances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(DeviceView device) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices.plus(device.deviceId(), device),
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(String author, MessageWindow window) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows.plus(author, window),
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(References next) {
    return new Parts(
        bank, partition, progress, terms, registry, accounts, balances, devices, windows, next,
        outgoing, incoming, heads, evidence, siblings);
  }

  Parts with(Peer peer, OutgoingPair pair) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing.plus(peer, pair),
        incoming,
        heads,
        evidence,
        siblings);
  }

  Parts with(Peer peer, IncomingPair pair) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming.plus(peer, pair),
        heads,
        evidence,
        siblings);
  }

  Parts with(Peer peer, PeerHead head) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads.plus(peer, head),
        evidence,
        siblings);
  }

  Parts counted(String kind) {
    Long before = evidence.get(kind);
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence.plus(kind, before == null ? 1 : before + 1),
        siblings);
  }

  Parts withSibling(int read, long height) {
    return new Parts(
        bank,
        partition,
        progress,
        terms,
        registry,
        accounts,
        balances,
        devices,
        windows,
        references,
        outgoing,
        incoming,
        heads,
        evidence,
        siblings.plus(read, height));
  }

  /** Up to this height that partition's chain is consumed. */
  long siblingHeight(int other) {
    Long height = siblings.get(other);
    return height == null ? 0 : height;
  }

  boolean isSibling(Peer peer) {
    return peer.bank().equals(bank);
  }

  /** Where money waits that was sent there and is not answered. */
  LedgerAccount inFlightTo(Peer peer) {
    return isSibling(peer)
        ? new LedgerAccount.InFlightTo(peer.partition())
        : new LedgerAccount.InFlight(peer.bank());
  }

  /** What is owed there, or claimed from there. */
  LedgerAccount positionWith(Peer peer) {
    return isSibling(peer)
        ? new LedgerAccount.PositionWith(peer.partition())
        : new LedgerAccount.Position(peer.bank());
  }

  /**
   * This partition's share of a cap that the bank's terms set for all of them: an equal part, the
   * lowest partitions take what does not divide.
   */
  long allowance(long cap) {
    int partitions = Math.max(registry.partitionsOf(bank), partition + 1);
    return Math.floorDiv(cap, partitions) + (partition < Math.floorMod(cap, partitions) ? 1 : 0);
  }

  /** The height of the block that is being made or folded. */
  long nextHeight() {
    return progress.height() + 1;
  }

  OutgoingPair outgoingTo(Peer peer) {
    OutgoingPair pair = outgoing.get(peer);
    return pair == null ? OutgoingPair.EMPTY : pair;
  }

  IncomingPair incomingFrom(Peer peer) {
    IncomingPair pair = incoming.get(peer);
    return pair == null ? IncomingPair.EMPTY : pair;
  }

  /** How many of a source bank's numbers are remembered as answered, from all its partitions. */
  int answeredTo(BankId source) {
    return incoming
        .subMap(new Peer(source, 0), true, new Peer(source, Integer.MAX_VALUE), true)
        .values()
        .stream()
        .mapToInt(pair -> pair.received().size())
        .sum();
  }

  MessageWindow windowOf(String author) {
    MessageWindow window = windows.get(author);
    return window == null ? MessageWindow.EMPTY : window;
  }
}
