package org.interseal.bank.processing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.inbox.DeviceDirectory;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.outbox.OutboxLedger;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.StoreUnavailable;

/** The newest acknowledged state, for everybody but the ledger thread. Thread-safe. */
final class PublishedLedger implements DeviceDirectory, OutboxLedger {
  /** A state and the block after which it holds. */
  record Version(LedgerState state, ChainTip tip) {}

  private final ChainReader reader;
  private final ChainArchive archive;
  private volatile BlockIndex index;
  private volatile Version version;

  PublishedLedger(ChainReader reader, Version start) {
    this.reader = reader;
    this.archive = new ChainArchive(reader, ChainTip.start(start.tip().partition()));
    this.index = new BlockIndex(start.tip());
    this.version = start;
  }

  /** For the ledger thread, before anybody looks: goes on from a snapshot. */
  void restart(Version snapshot) {
    index = new BlockIndex(snapshot.tip());
    version = snapshot;
  }

  /** For the ledger thread: the next version, one block on. */
  void publish(Version next) {
    index.add(next.tip());
    version = next;
  }

  Version version() {
    return version;
  }

  LedgerState state() {
    return version.state();
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
    return state().outstanding();
  }

  @Override
  public Optional<CurrencyCode> currencyOf(Iban account) {
    return state().account(account).map(LedgerState.AccountView::currency);
  }

  @Override
  public Optional<BlockBody> block(long height) throws StoreUnavailable {
    return chainedBlock(height).filter(block -> !block.isFence()).map(PublishedLedger::body);
  }

  /** The block at a height; empty beyond the chain's end. */
  Optional<ChainedBlock> chainedBlock(long height) throws StoreUnavailable {
    try {
      Optional<ChainTip> before = index.at(height - 1);
      if (before.isEmpty()) {
        before = archive.tipAt(height - 1);
      }
      if (before.isEmpty()) {
        return Optional.empty();
      }
      List<ChainedBlock> blocks = reader.readOn(before.get(), 1);
      return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.getFirst());
    } catch (ChainRefused e) {
      throw new StoreUnavailable("block " + height + " cannot be read: " + e.getMessage(), e);
    }
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
