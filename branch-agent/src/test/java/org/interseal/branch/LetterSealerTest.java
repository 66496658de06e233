package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.CZK;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.BranchMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterSealerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final FakeBank bank = new FakeBank();

  LetterSealerTest() {
    bank.partitions = 4;
  }

  private int partitionOf(BranchMessage message) throws CryptoFailure {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    bank.random.nextBytes(id);
    DeskRequest request = new DeskRequest(Bytes.of(id), message, null, null);
    String envelope = bank.sealer().seal(request, message, 1, NOW).orElseThrow().envelope();
    return Envelope.header(envelope).partition();
  }

  private static BranchMessage open(@Nullable Long wished) {
    return new BranchMessage.OpenAccount("ada", "Bob", CZK, wished);
  }

  @Test
  void whatConcernsAnAccountGoesToItsPartition() throws Exception {
    Iban account = Iban.of(BANK, 3, 7);

    assertThat(partitionOf(new BranchMessage.PayCashIn("ada", account, new Money(1, CZK), "r")))
        .isEqualTo(3);
    assertThat(partitionOf(new BranchMessage.ListDevices("ada", account))).isEqualTo(3);
  }

  @Test
  void aWishedNumberDecidesThePartitionAndSoTheWholeIban() throws Exception {
    for (long wished : new long[] {0, 6, 7, 9_999_999_999L}) {
      assertThat(partitionOf(open(wished)))
          .isEqualTo(Iban.ofWishedNumber(BANK, 4, wished).partition())
          .isEqualTo((int) (wished % 4));
    }
  }

  @Test
  void aNumberThatNoAccountCanHaveIsLeftToTheBankToRefuse() throws Exception {
    assertThat(partitionOf(open(-1L))).isBetween(0, 3);
    assertThat(partitionOf(open(Long.MAX_VALUE))).isBetween(0, 3);
  }

  @Test
  void customersWithoutAWishAreSpreadOverAllPartitions() throws Exception {
    Set<Integer> used = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      used.add(partitionOf(open(null)));
    }
    assertThat(used).containsExactly(0, 1, 2, 3);
  }
}
