package org.interseal.bank.ledger;

import java.util.SortedMap;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** Puts a state together from the entries of a snapshot, which must come whole and in order. */
final class SnapshotReader {
  private final SortedMap<Long, Customer> customers = new TreeMap<>();
  private final SortedMap<Long, CustomerAccount> accounts = new TreeMap<>();
  private final SortedMap<String, Long> own = new TreeMap<>();
  private final SortedMap<CurrencyCode, Long> totals = new TreeMap<>();
  private final SortedMap<String, DeviceView> devices = new TreeMap<>();
  private final SortedMap<String, MessageWindow> windows = new TreeMap<>();
  private final RememberedAnswers.Builder references = new RememberedAnswers.Builder();
  private final SortedMap<Peer, Outgoing> outgoing = new TreeMap<>();
  private final SortedMap<Peer, Incoming> incoming = new TreeMap<>();
  private final SortedMap<Peer, PeerHead> heads = new TreeMap<>();
  private final SortedMap<Integer, Long> siblings = new TreeMap<>();
  private ExpiryQueue dues = ExpiryQueue.EMPTY;

  /** The number after the last one of those that came with one; 0 before the first. */
  private long nextDue;

  private SnapshotEntry.@Nullable Head head;
  private long entries;
  private boolean ended;

  private record Outgoing(
      long nextNumber,
      SortedMap<Long, OutstandingTransfer> unanswered,
      SortedMap<Long, OutgoingPair.Answered> answered) {}

  private record Incoming(
      long floor,
      SortedMap<Long, IncomingPair.Received> received,
      SortedMap<Long, Bytes> awaited) {}

  void read(SnapshotEntry entry) throws MalformedMessage {
    if (ended || (head == null) != (entry instanceof SnapshotEntry.Head)) {
      throw new MalformedMessage("snapshot entries out of place");
    }
    switch (entry) {
      case SnapshotEntry.Head e -> head = e;
      case SnapshotEntry.OfCustomer e -> customers.put(e.customer().id(), e.customer());
      case SnapshotEntry.OfAccount e -> accounts.put(e.account().iban().number(), e.account());
      case SnapshotEntry.OfOwnBalance e -> own.put(e.account(), e.balanceMinor());
      case SnapshotEntry.OfCustomerTotal e -> totals.put(e.currency(), e.totalMinor());
      case SnapshotEntry.OfDevice e -> devices.put(e.device().deviceId(), e.device());
      case SnapshotEntry.OfWindow e -> windows.put(e.author(), SnapshotCodec.window(e));
      case SnapshotEntry.OfReference e -> references.add(PackedReference.pack(e.key(), e.answer()));
      case SnapshotEntry.OfDue e -> dues = dues.plus(inTurn(e));
      case SnapshotEntry.OfOutgoing e ->
          outgoing.put(e.peer(), new Outgoing(e.nextNumber(), new TreeMap<>(), new TreeMap<>()));
      case SnapshotEntry.OfUnanswered e ->
          found(outgoing.get(e.transfer().target()))
              .unanswered()
              .put(e.transfer().transfer().number(), e.transfer());
      case SnapshotEntry.OfAnswered e ->
          found(outgoing.get(e.peer())).answered().put(e.number(), e.answer());
      case SnapshotEntry.OfIncoming e ->
          incoming.put(e.peer(), new Incoming(e.floor(), new TreeMap<>(), new TreeMap<>()));
      case SnapshotEntry.OfReceived e ->
          found(incoming.get(e.peer())).received().put(e.number(), e.answer());
      case SnapshotEntry.OfAwaited e ->
          found(incoming.get(e.peer())).awaited().put(e.number(), e.digest());
      case SnapshotEntry.OfPeerHead e -> heads.put(e.peer(), e.head());
      case SnapshotEntry.OfSibling e -> siblings.put(e.partition(), e.height());
      case SnapshotEntry.End e -> ended = e.entries() == entries;
    }
    entries++;
  }

  private References.Due inTurn(SnapshotEntry.OfDue entry) throws MalformedMessage {
    if (entry.sequence() < 1 || (nextDue != 0 && entry.sequence() != nextDue)) {
      throw new MalformedMessage("a gap between references that are due");
    }
    nextDue = entry.sequence() + 1;
    return entry.due();
  }

  /** A {@link PackedReference}. */
  void readReference(byte[] packed) throws MalformedMessage {
    requireInside();
    references.add(packed);
    entries++;
  }

  /** An entry of an {@link ExpiryQueue}. */
  void readDue(byte[] packed) throws MalformedMessage {
    requireInside();
    dues = dues.plus(packed);
    entries++;
  }

  private void requireInside() throws MalformedMessage {
    if (ended || head == null) {
      throw new MalformedMessage("snapshot entries out of place");
    }
  }

  private static <T> T found(@Nullable T value) throws MalformedMessage {
    if (value == null) {
      throw new MalformedMessage("snapshot entries out of place");
    }
    return value;
  }

  Parts finish() throws MalformedMessage {
    SnapshotEntry.Head h = head;
    if (h == null || !ended) {
      throw new MalformedMessage("a snapshot is cut off");
    }
    if (nextDue != 0 && nextDue != h.nextReference()) {
      throw new MalformedMessage("references are due that are not the last ones");
    }
    TreePMap<Peer, OutgoingPair> out = TreePMap.empty();
    for (var e : outgoing.entrySet()) {
      Outgoing o = e.getValue();
      out =
          out.plus(
              e.getKey(),
              new OutgoingPair(
                  o.nextNumber(),
                  TreePMap.fromSortedMap(o.unanswered()),
                  TreePMap.fromSortedMap(o.answered())));
    }
    TreePMap<Peer, IncomingPair> in = TreePMap.empty();
    for (var e : incoming.entrySet()) {
      Incoming i = e.getValue();
      in =
          in.plus(
              e.getKey(),
              new IncomingPair(
                  i.floor(),
                  TreePMap.fromSortedMap(i.received()),
                  TreePMap.fromSortedMap(i.awaited())));
    }
    return new Parts(
        h.bank(),
        h.partition(),
        h.progress(),
        h.terms(),
        h.registry(),
        new AccountBook(
            TreePMap.fromSortedMap(customers),
            TreePMap.fromSortedMap(accounts),
            h.nextCustomer(),
            h.nextNumber()),
        new Balances(TreePMap.fromSortedMap(own), TreePMap.fromSortedMap(totals)),
        TreePMap.fromSortedMap(devices),
        TreePMap.fromSortedMap(windows),
        new References(references.build(), dues, h.nextReference()),
        out,
        in,
        TreePMap.fromSortedMap(heads),
        TreePMap.from(h.evidence()),
        TreePMap.fromSortedMap(siblings));
  }
}
