package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.bank.ledger.TestBank.A;
import static org.interseal.bank.ledger.TestBank.B;
import static org.interseal.bank.ledger.TestBank.CZK;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
            text.replace("interseal-snapshot 3", "interseal-snapshot 4"),
            text.replaceFirst("\n\\{\"type\":\"account\"[^\n]*", ""),
            text + "{}\n",
            text.replaceFirst("\"bookedMinor\"", "\"bookedMajor\""),
            text.substring(0, text.length() - 1))) {
      assertThat(other).isNotEqualTo(text);
      List<Bytes> altered = new ArrayList<>(chunks);
      altered.set(0, Bytes.utf8(other));
      assertThatThrownBy(() -> SnapshotCodec.decode(altered)).isInstanceOf(MalformedMessage.class);
    }
    assertThatThrownBy(() -> SnapshotCodec.decode(List.of())).isInstanceOf(MalformedMessage.class);
  }

  /** A chunk that a program before version 3 made. */
  private static String stored(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(SnapshotTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static LedgerState decode(String chunk) throws MalformedMessage {
    return SnapshotCodec.decode(List.of(Bytes.utf8(chunk)));
  }

  @Test
  void readsWhatOlderProgramsWrote() throws Exception {
    assertThat(decode(stored("snapshot-1.txt"))).isEqualTo(full().state);
    LedgerState sibling = decode(stored("snapshot-2.txt"));
    assertThat(sibling.siblingHeight(0)).isEqualTo(6);
    assertThat(SnapshotCodec.decode(SnapshotCodec.encode(sibling))).isEqualTo(sibling);
  }

  @Test
  void refusesWhatNoOlderProgramWrote() throws Exception {
    String text = stored("snapshot-1.txt");
    for (String other :
        List.of(
            text.replace("\"sequence\":2,", "\"sequence\":9,"),
            text.replace("\"nextReference\":6", "\"nextReference\":7"),
            text.replaceAll("\"sequence\":", "\"sequence\":-"),
            text.replaceAll(
                "\"key\":\"AsIvmSS0FmlQEYbPKPHrXw\"", "\"key\":\"AsIvmSS0FmlQEYbPKPHr\""),
            text.replace("\"key\":\"AsIvmSS0FmlQEYbPKPHrXw\",\"answer", "\"key\":\"\",\"answer"),
            text.replace(
                "\"due\":{\"key\":\"AsIvmSS0FmlQEYbPKPHrXw\"",
                "\"due\":{\"key\":\"AsIvmSS0FmlQEYbPKPHrXwAA\""),
            text.replace("-HYZkKZOUMchGimimybWGw", "-HYZkKZOUMchGimimybWGwAA"),
            text.replace("interseal-snapshot 1", "interseal-snapshot 3"))) {
      assertThat(other).isNotEqualTo(text);
      assertThatThrownBy(() -> decode(other)).as(other).isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void refusesChunksOfDifferentVersionsTogether() throws Exception {
    List<Bytes> mixed = new ArrayList<>(SnapshotCodec.encode(full().state));
    mixed.set(0, Bytes.utf8(stored("snapshot-1.txt")));
    assertThatThrownBy(() -> SnapshotCodec.decode(mixed)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void packsReferencesIntoAsManyChunksAsTheyNeed() throws MalformedMessage {
    References references = References.EMPTY;
    for (int i = 0; i < 15_000; i++) {
      references =
          references.remember(
              Bytes.sha256(Bytes.utf8("key " + i)).prefix(ReferenceMark.BYTES),
              new References.Cash(
                  Bytes.of(new byte[ReferenceMark.BYTES]), i, null, ReasonCode.AC01, "no account"));
    }
    LedgerState state = new LedgerState(full().state.parts().with(references));
    List<Bytes> chunks = new ArrayList<>(SnapshotCodec.encode(state));
    assertThat(chunks)
        .hasSizeGreaterThan(5)
        .allMatch(c -> c.size() <= SnapshotCodec.MAX_CHUNK_BYTES);
    assertThat(SnapshotCodec.decode(chunks)).isEqualTo(state);
    List<Bytes> empty = new ArrayList<>(chunks);
    empty.add(1, Bytes.utf8("interseal-snapshot 3 references\n"));
    assertThatThrownBy(() -> SnapshotCodec.decode(empty)).isInstanceOf(MalformedMessage.class);
    Collections.swap(chunks, 1, 2);
    assertThatThrownBy(() -> SnapshotCodec.decode(chunks)).isInstanceOf(MalformedMessage.class);
  }

  /** A server that went mad may store anything: it is refused, or it is another state. */
  @Test
  void damagedReferencesAreNeverTakenForTheState() throws MalformedMessage {
    LedgerState state = full().state;
    List<Bytes> chunks = SnapshotCodec.encode(state);
    int damaged = 0;
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      byte[] bytes = chunks.get(chunk).toArray();
      if (!chunks.get(chunk).toUtf8().startsWith("interseal-snapshot 3 ")) {
        continue;
      }
      damaged++;
      for (int at = 0; at < bytes.length; at++) {
        byte[] other = bytes.clone();
        other[at] ^= 1;
        requireNotTaken(chunks, chunk, other, state);
        requireNotTaken(chunks, chunk, Arrays.copyOf(bytes, at), state);
      }
      requireNotTaken(chunks, chunk, Arrays.copyOf(bytes, bytes.length + 1), state);
    }
    assertThat(damaged).isEqualTo(2);
  }

  private static void requireNotTaken(
      List<Bytes> chunks, int index, byte[] other, LedgerState state) {
    List<Bytes> all = new ArrayList<>(chunks);
    all.set(index, Bytes.of(other));
    try {
      assertThat(SnapshotCodec.decode(all)).isNotEqualTo(state);
    } catch (MalformedMessage e) {
      // As it should be.
    }
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
