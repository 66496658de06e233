package org.interseal.bank.ledger;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;

/** The content of a block that a test makes up: nothing happens in it but what the test says. */
public final class MadeUpBody {
  private final BlockBody like;
  private List<String> consumed;
  private List<LedgerEvent> events;
  private List<Owed> owed;
  private long outboxDoneHeight;
  private BlockBody.@Nullable SnapshotRef snapshot;

  private MadeUpBody(BlockBody like) {
    this.like = like;
    this.consumed = like.consumed();
    this.events = like.events();
    this.owed = like.owed();
    this.outboxDoneHeight = like.outboxDoneHeight();
    this.snapshot = like.snapshot();
  }

  /** The same in all but what is said next. */
  public static MadeUpBody like(BlockBody body) {
    return new MadeUpBody(body);
  }

  /** Of the block after that state, at its time. */
  public static MadeUpBody after(LedgerState state) {
    return like(
        new BlockDraft(state, 0, state.ledgerTimeMillis())
            .body(state.cursor(), state.outboxDoneHeight(), null));
  }

  /** Of a chain's first block, whoever's. */
  public static MadeUpBody first() {
    return after(Ledger.empty(new BankId("AAAAXX00"), 0));
  }

  public MadeUpBody consumed(String... references) {
    consumed = List.of(references);
    return this;
  }

  public MadeUpBody events(LedgerEvent... happening) {
    return events(List.of(happening));
  }

  public MadeUpBody events(List<LedgerEvent> happening) {
    events = happening;
    return this;
  }

  public MadeUpBody owed(Owed... messages) {
    owed = List.of(messages);
    return this;
  }

  public MadeUpBody outboxDoneHeight(long height) {
    outboxDoneHeight = height;
    return this;
  }

  public MadeUpBody snapshot(BlockBody.SnapshotRef ref) {
    snapshot = ref;
    return this;
  }

  public BlockBody body() {
    return new BlockBody(
        like.v(),
        like.timeMillis(),
        like.registryVersion(),
        like.cursor(),
        consumed,
        events,
        owed,
        outboxDoneHeight,
        snapshot);
  }

  public Bytes encoded() {
    return BlockCodec.encode(body());
  }
}
