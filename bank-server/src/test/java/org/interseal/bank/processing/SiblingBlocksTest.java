package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.bank.chain.ChainContent.Next;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.junit.jupiter.api.Test;

class SiblingBlocksTest {
  private static final BankId US = new BankId("AAAAXX00");

  private static Bytes read(int partition, long height) {
    return MadeUpBody.first()
        .consumed("p01.000000000007/passed")
        .events(new LedgerEvent.SiblingRead(partition, height))
        .encoded();
  }

  private static Next judged(int version, Bytes body) throws Exception {
    BankDirectory nothing = BankDirectory.verified(new TestAuthority().root(), List.of());
    return LedgerContent.empty(US, 0, EvictionProofs.under(nothing)).next(1, version, body);
  }

  @Test
  void partitionsReadEachOtherSinceTheSecondFormat() throws Exception {
    assertThat(judged(2, read(1, 7))).isInstanceOf(Next.Fits.class);
    assertThat(judged(1, read(1, 7)))
        .isEqualTo(new Next.Objection("between partitions in a block of version 1"));
  }

  @Test
  void aPartitionDoesNotReadItselfNorBackwards() throws Exception {
    assertThat(judged(2, read(0, 7))).isInstanceOf(Next.Objection.class);
    assertThat(judged(2, read(1, 0))).isInstanceOf(Next.Objection.class);
  }
}
