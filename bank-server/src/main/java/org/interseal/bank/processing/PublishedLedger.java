package org.interseal.bank.processing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.inbox.DeviceDirectory;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.OwedMessages;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.StatementBuilder;
import org.interseal.bank.outbox.OutboxLedger;
import org.interseal.bank.outbox.WrittenBlock;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.store.StoreUnavailable;

/** The newest acknowledged state, for everybody but the ledger thread. Thread-safe. */
final class PublishedLedger implements DeviceDirectory, OutboxLedger {
  private final ChainReader reader;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile ChainArchive archive;
  private volatile BlockIndex index;
  private volatile ChainTip tip;
  private volatile boolean current;

  /**
   * @param start before the first block, with a {@link LedgerContent} as every tip after it
   */
  PublishedLedger(ChainReader reader, ChainTip start) {
    this.reader = reader;
    this.index = new BlockIndex(start);
    this.archive = new ChainArchive(reader, start);
    this.tip = start;
  }

  /** The ledger up to a tip that was followed. */
  static LedgerContent content(ChainTip tip) {
    if (tip.content() instanceof LedgerContent ledger) {
      return ledger;
    }
    throw new IllegalStateException("a tip without a ledger: " + tip);
  }

  /** For the ledger thread, before anybody looks: goes on from a snapshot. */
  void restart(ChainTip snapshot) {
    index = new BlockIndex(snapshot);
    archive = new ChainArchive(reader, snapshot);
    tip = snapshot;
  }

  /** For the ledger thread: one block on. */
  void publish(ChainTip next) {
    index.add(next);
    tip = next;
    listeners.forEach(Runnable::run);
  }

  /** For the ledger thread: what is published was the chain's end a moment ago. */
  void reachedEnd() {
    current = true;
  }

  /** Whether the chain was followed to its end, once at least. */
  boolean isCurrent() {
    return current;
  }

  /** Calls {@code listener} after each {@link #publish}, on the ledger thread. */
  void onPublish(Runnable listener) {
    listeners.add(listener);
  }

  /** The newest acknowledged block. */
  ChainTip tip() {
    return tip;
  }

  /** The state after the newest acknowledged block. */
  LedgerState state() {
    return content(tip).state();
  }

  @Override
  public Optional<Bytes> signingKey(String deviceId) {
    return state().device(deviceId).map(device -> device.keys().signing());
  }

  @Override
  public long highestNumber(String deviceId) {
    return state().highestNumber("device:" + deviceId);
  }

  @Override
  public long lowestUnanswered(Peer target) {
    return state().lowestUnanswered(target);
  }

  @Override
  public boolean isUnanswered(Peer target, long number) {
    return state().outstanding(target, number).isPresent();
  }

  @Override
  public Stream<OutstandingTransfer> unanswered() {
    LedgerState state = state();
    return state.outstanding().filter(t -> !t.target().bank().equals(state.bank()));
  }

  @Override
  public Optional<StatementBuilder.Newest> newest(Iban account) {
    return state().newest(account);
  }

  @Override
  public Optional<BlockBody> block(long height) throws StoreUnavailable {
    return chainedBlock(height).filter(block -> !block.isFence()).map(PublishedLedger::body);
  }

  @Override
  public Map<Peer, List<Report>> answers() {
    return state().answers();
  }

  @Override
  public Stream<OutgoingMessage.DeviceRecord> devices() {
    return state()
        .devices()
        .map(device ->
            new OutgoingMessage.DeviceRecord(
                device.deviceId(),
                device.revision(),
                device.linked(),
                device.linked() ? device.keys() : null));
  }

  @Override
  public Optional<WrittenBlock> written(long height) throws StoreUnavailable {
    return chainedBlock(height)
        .map(block -> {
          BlockBody body = block.isFence() ? null : body(block);
          return new WrittenBlock(
              block.hash(),
              block.node(),
              body,
              body == null ? List.of() : OwedMessages.resolveAll(body, state()::device));
        });
  }

  /** The block at a height; empty beyond the chain's end, and where it was closed. */
  Optional<ChainedBlock> chainedBlock(long height) throws StoreUnavailable {
    try {
      if (height < 1 || height > tip.height()) {
        return Optional.empty();
      }
      Optional<Bytes> hash = index.hashAt(height);
      if (hash.isEmpty()) {
        hash = archive.hashAt(height);
      }
      return hash.isEmpty() ? Optional.empty() : reader.find(height, hash.get());
    } catch (ChainRefused e) {
      if (e.reason() == ChainRefused.Reason.PERIOD_KEY_MISSING) {
        // It stood once, so its key was there: destroyed with its period, for good.
        return Optional.empty();
      }
      throw new StoreUnavailable("block " + height + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Makes {@link #chainedBlock} quick, in several calls; whether it is. */
  boolean approach(long height, int maxReads) throws StoreUnavailable {
    return height < 1
        || height > tip.height()
        || index.hashAt(height).isPresent()
        || archive.approach(height, maxReads);
  }

  /** The content of a valid block that is no fence. */
  static BlockBody body(ChainedBlock block) {
    try {
      return BlockCodec.decode(block.body());
    } catch (MalformedMessage e) {
      throw new IllegalStateException("a valid block is readable", e);
    }
  }
}
