package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class SnapshotTest {
  /** A state with something in every part. */
  static TestBank full() {
    TestBank bank = TestBank.founded(A);
    Iban ada = bank.funded("Ada", 100_000);
    Iban bob = bank.open("Bob", CZK);
    bank.enrol(ada, "ada");
    bank.issueCode(bob, TestBank.secret("bob"));
    bank.device("guess", TestBank.activation(bob, TestBank.secret("wrong"), "guess"));
    bank.take(
        bank.fromBranch(
            "far", 9, new org.interseal.protocol.message.BranchMessage.ListDevices("t", ada)));
    for (int i = 0; i < 4; i++) {
      bank.pay("ada", bank.payment("out " + i, ada, Iban.of(B, 0, 7), B, 100));
      Transfer transfer = bank.transfersOwed().getFirst();
      if (i < 2) {
        bank.take(
            bank.report(B, TestBank.answer(transfer, i == 0 ? null : ReasonCode.AC01), 5 + i));
        bank.take(bank.report(B, TestBank.answer(transfer, ReasonCode.AC04), 5 + i));
      }
    }
    TestBank other = TestBank.founded(B);
    for (int i = 1; i < 4; i++) {
      bank.take(
          bank.transfer(
              B,
              1,
              new Transfer(
                  i,
                  Bytes.of(new byte[16]),
                  other.payment(
                      "in " + i, Iban.of(B, 0, 7), i == 3 ? Iban.of(A, 0, 99) : bob, A, 50))));
    }
    bank.take(
        new LedgerInput.ResolutionPublished(
            "r", B, 0, A, 0, 8, Bytes.sha256(Bytes.utf8("x")), true, "s"));
    return bank;
  }

  @Test
  void restoresTheWholeState() throws MalformedMessage {
    TestBank bank = full();
    List<Bytes> chunks = SnapshotCodec.encode(bank.state);
    LedgerState restored = SnapshotCodec.decode(chunks);
    assertThat(restored).isEqualTo(bank.state);
    assertThat(SnapshotCodec.encode(restored)).isEqualTo(chunks);
    bank.state = restored;
    bank.funded("Later", 5);
  }

  @Test
  void anEmptyStateIsAStateToo() throws MalformedMessage {
    LedgerState empty = Ledger.empty(B, 3);
    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(empty))).isEqualTo(empty);
  }

  @Test
  void cutsALargeStateIntoBoundedChunks() throws MalformedMessage {
    TestBank bank = TestBank.founded(A);
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      inputs.add(
          bank.fromBranch(
              new org.interseal.protocol.message.BranchMessage.OpenAccount(
                  "t", "Customer " + i, CZK, null)));
    }
    for (int i = 0; i < 3; i++) {
      int offset = i * 1_000;
      bank.take(
          inputs.stream()
              .map(LedgerInput.FromBranch.class::cast)
              .map(in -> bank.fromBranch("branch" + offset, in.number(), in.message()))
              .toList());
    }
    List<Bytes> chunks = SnapshotCodec.encode(bank.state);
    assertThat(chunks)
        .hasSizeGreaterThan(1)
        .allMatch(c -> c.size() <= SnapshotCodec.MAX_CHUNK_BYTES);
    assertThat(SnapshotCodec.decode(chunks)).isEqualTo(bank.state);
    assertThatThrownBy(() -> SnapshotCodec.decode(chunks.subList(0, chunks.size() - 1)))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> SnapshotCodec.decode(chunks.reversed()))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void refusesWhatIsNotExactlyASnapshot() {
    List<Bytes> chunks = SnapshotCodec.encode(full().state);
    String text = chunks.getFirst().toUtf8();
    for (String other :
        List.of(
            text.replace("interseal-snapshot 1", "interseal-snapshot 3"),
            text.replaceFirst("\n\\{\"type\":\"account\"[^\n]*", ""),
            text + "{}\n",
            text.replaceFirst("\"bookedMinor\"", "\"bookedMajor\""),
            text.substring(0, text.length() - 1))) {
      assertThat(other).isNotEqualTo(text);
      assertThatThrownBy(() -> SnapshotCodec.decode(List.of(Bytes.utf8(other))))
          .isInstanceOf(MalformedMessage.class);
    }
    assertThatThrownBy(() -> SnapshotCodec.decode(List.of())).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void allThatASourceBankCanMakeUsRememberIsASmallPartOfASnapshot() throws MalformedMessage {
    int sample = 1_000;
    TestBank bank = TestBank.founded(A);
    long before = size(bank.state);
    TreeMap<Long, IncomingPair.Received> received = new TreeMap<>();
    for (int i = 0; i < sample; i++) {
      received.put(
          Long.MAX_VALUE - i,
          new IncomingPair.Received(Bytes.sha256(Bytes.utf8("x" + i)), ReasonCode.AC01, false));
    }
    bank.state =
        new LedgerState(
            bank.state
                .parts()
                .with(
                    new Peer(B, 99),
                    new IncomingPair(1, TreePMap.fromSortedMap(received), TreePMap.empty())));
    long most = (size(bank.state) - before) / sample * IncomingPair.MAX_ANSWERED_PER_BANK;
    long room = (long) BlockRules.MAX_SNAPSHOT_CHUNKS * SnapshotCodec.MAX_CHUNK_BYTES;
    assertThat(most).isLessThan(room / 12);
    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(bank.state))).isEqualTo(bank.state);
  }

  private static long size(LedgerState state) {
    return SnapshotCodec.encode(state).stream().mapToLong(Bytes::size).sum();
  }
}
