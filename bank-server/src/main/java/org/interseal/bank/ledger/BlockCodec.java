package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceNotice;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Blocks as strict JSON; the same bytes for equal blocks. */
public final class BlockCodec {
  private static final JsonMapper MAPPER =
      ProtocolJson.mapper()
          .rebuild()
          .addMixIn(DeviceNotice.class, DeviceNoticeType.class)
          .addMixIn(BranchNotice.class, BranchNoticeType.class)
          .build();

  private BlockCodec() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = DeviceNotice.PaymentStatus.class, name = "payment.status.v1"),
    @JsonSubTypes.Type(value = DeviceNotice.Balance.class, name = "balance.v1"),
    @JsonSubTypes.Type(value = DeviceNotice.DeviceLinked.class, name = "device.linked.v1"),
    @JsonSubTypes.Type(value = DeviceNotice.DeviceUnlinked.class, name = "device.unlinked.v1"),
    @JsonSubTypes.Type(value = DeviceNotice.Refused.class, name = "request.refused.v1"),
  })
  private interface DeviceNoticeType {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = BranchNotice.AccountOpened.class, name = "branch.account-opened.v1"),
    @JsonSubTypes.Type(value = BranchNotice.AccountClosed.class, name = "branch.account-closed.v1"),
    @JsonSubTypes.Type(value = BranchNotice.CashBooked.class, name = "branch.cash-booked.v1"),
    @JsonSubTypes.Type(
        value = BranchNotice.ActivationCodeIssued.class,
        name = "branch.activation-code-issued.v1"),
    @JsonSubTypes.Type(
        value = BranchNotice.DeviceUnlinked.class,
        name = "branch.device-unlinked.v1"),
    @JsonSubTypes.Type(value = BranchNotice.Devices.class, name = "branch.device-list.v1"),
    @JsonSubTypes.Type(value = BranchNotice.Refused.class, name = "branch.refused.v1"),
  })
  private interface BranchNoticeType {}

  /** The stored spelling. */
  public static Bytes encode(BlockBody block) {
    return Bytes.of(MAPPER.writeValueAsBytes(block));
  }

  /**
   * Reads a block.
   *
   * @throws MalformedMessage when the bytes are too many or not exactly a block of a version that
   *     this code knows
   */
  public static BlockBody decode(Bytes json) throws MalformedMessage {
    if (json.size() > BlockBody.MAX_BYTES) {
      throw new MalformedMessage("a block of " + json.size() + " bytes");
    }
    try {
      BlockBody block = MAPPER.readValue(json.toArray(), BlockBody.class);
      if (block == null) {
        throw new MalformedMessage("null");
      }
      if (block.v() != BlockBody.VERSION) {
        throw new MalformedMessage("block body of format version " + block.v());
      }
      return block;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new MalformedMessage("not a block body");
    }
  }

  /** Bytes that an event takes up in a block. */
  static int size(LedgerEvent event) {
    return MAPPER.writerFor(LedgerEvent.class).writeValueAsBytes(event).length + 1;
  }

  /** Bytes that an owed message takes up in a block. */
  static int size(Owed owed) {
    return MAPPER.writerFor(Owed.class).writeValueAsBytes(owed).length + 1;
  }

  static JsonMapper mapper() {
    return MAPPER;
  }
}
