package org.interseal.launcher.verify;

import java.security.SecureRandom;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** Reads openings as they have to be readable when the periods before are gone, keys and all. */
record OpeningLoader(ChainIdentity chain, Store own, PeriodKeys periods)
    implements OpeningsAudit.Loader {
  @Override
  public Optional<LedgerState> load(BlockBody.SnapshotRef ref, int period) throws StoreUnavailable {
    Snapshots snapshots =
        new Snapshots(
            chain, own.append(TableName.SNAPSHOTS), from(period, periods), new SecureRandom());
    SnapshotCodec.Decoder decoder = new SnapshotCodec.Decoder();
    try {
      return snapshots.load(ref.chunkIds(), decoder::read) instanceof Snapshots.LoadResult.Loaded
          ? Optional.of(decoder.finish()).filter(state -> state.height() == ref.height())
          : Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  private static PeriodKeys from(int first, PeriodKeys all) {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return all.currentPeriod();
      }

      @Override
      public Optional<SecretKey256> key(String periodId) throws StoreUnavailable {
        return PeriodKeys.number(periodId) < first ? Optional.empty() : all.key(periodId);
      }
    };
  }
}
