package org.interseal.launcher.period;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainContent;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ForgedBlock;
import org.interseal.bank.chain.Openings;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * What a server that has gone mad, or was evicted, can leave in its bank's tables: a block that is
 * in no chain, signed and readable, that names a state after which another part is closed.
 */
final class FalseClosing {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String SERVER = "server-1";

  /** Up to here, it says; in truth it is more. */
  private static final long CLOSED = 3;

  private FalseClosing() {}

  /** Plants it beside the block at that height. */
  static void plant(FederationDirectory directory, BankId bank, long tipHeight) throws Exception {
    ChainIdentity chain = new ChainIdentity(bank, 0);
    try (FoundingAccess access =
        FoundingAccess.openToRead(directory, new StoreChoice(), bank, RANDOM)) {
      PeriodKeys periods = inPeriod("2", access.periodKeys());
      LedgerState state = madeUp(bank, tipHeight - 1);
      BlockBody.SnapshotRef ref = stored(chain, access.own(), periods, state);
      Bytes madeUp = Bytes.sha256(Bytes.utf8("no block"));
      ChainTip before = new ChainTip(0, tipHeight - 1, madeUp, 1, 2, ChainContent.NOT_FOLLOWED);
      NewRow forged =
          ForgedBlock.row(
              chain,
              SERVER,
              key(directory.node(bank, SERVER)),
              periods,
              RANDOM,
              before,
              1,
              before.fence(),
              BlockCodec.encode(body(state.outboxDoneHeight(), ref)));
      assertThat(access.own().append(TableName.BLOCKS).insert(List.of(forged)).join())
          .allMatch(InsertOutcome.Inserted.class::isInstance);
      leaveHint(directory.bankDatabase(bank), forged);
    }
  }

  /** As if it had been there before any other. */
  private static void leaveHint(Path file, NewRow forged) throws SQLException {
    String body =
        "opening.1.2."
            + forged.id().replace('.', '_')
            + "."
            + Bytes.sha256(Bytes.utf8(forged.body())).toHex();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO snapshots (id, stream, body, timestamp) VALUES (?, ?, ?, 1)")) {
      insert.setString(1, Bytes.sha256(Bytes.utf8(body)).toBase64Url());
      insert.setString(2, Openings.stream(0));
      insert.setString(3, body);
      assertThat(insert.executeUpdate()).isOne();
    }
  }

  private static LedgerState madeUp(BankId bank, long height) {
    LedgerState state = Ledger.empty(bank, 0);
    for (long h = 1; h < height; h++) {
      state = Ledger.foldFence(state, h);
    }
    return Ledger.fold(state, body(CLOSED, null), height);
  }

  private static BlockBody body(long done, BlockBody.@Nullable SnapshotRef ref) {
    return new BlockBody(
        BlockBody.VERSION, 1, 0, Position.START, List.of(), List.of(), List.of(), done, ref);
  }

  private static BlockBody.SnapshotRef stored(
      ChainIdentity chain, Store own, PeriodKeys periods, LedgerState state) {
    Snapshots snapshots = new Snapshots(chain, own.append(TableName.SNAPSHOTS), periods, RANDOM);
    try {
      if (snapshots.store(SnapshotCodec.chunks(state), Runnable::run).join()
          instanceof Snapshots.StoreResult.Stored(List<String> chunks)) {
        Bytes madeUp = Bytes.sha256(Bytes.utf8("no block"));
        return new BlockBody.SnapshotRef(
            state.height(), chunks, new BlockBody.Opening("2", madeUp, 1));
      }
      throw new AssertionError("not stored");
    } catch (StoreUnavailable e) {
      throw new AssertionError(e);
    }
  }

  private static SigningKey key(Path home) throws Exception {
    return Pkcs12KeyVault.open(
            home.resolve("vault.p12"),
            OwnerOnlySecret.read(home.resolve("passphrase")).toCharArray())
        .signingKey(NodeKeys.SIGNING_ALIAS)
        .orElseThrow();
  }

  private static PeriodKeys inPeriod(String current, PeriodKeys keys) {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return current;
      }

      @Override
      public Optional<SecretKey256> key(String periodId) throws StoreUnavailable {
        return keys.key(periodId);
      }
    };
  }
}
