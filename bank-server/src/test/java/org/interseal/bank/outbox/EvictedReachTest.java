package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.junit.jupiter.api.Test;

class EvictedReachTest {
  private final List<WrittenBlock> chain = new ArrayList<>();

  private void block(String node, long outboxDone, String... evicted) {
    add(
        node,
        MadeUpBody.first()
            .events(Stream.of(evicted).map(EvictedReachTest::eviction).toList())
            .outboxDoneHeight(outboxDone)
            .body());
  }

  private static LedgerEvent eviction(String node) {
    return new LedgerEvent.ServerEvicted(
        node, KeyId.ofSpki(Bytes.utf8(node)), "revocation", "certificate");
  }

  private void fence(String node) {
    add(node, null);
  }

  private void add(String node, @org.jspecify.annotations.Nullable BlockBody body) {
    chain.add(
        new WrittenBlock(Bytes.sha256(Bytes.utf8("block " + chain.size())), node, body, List.of()));
  }

  private List<Long> covered(String... evicted) {
    List<Long> heights = new ArrayList<>();
    EvictedReach reach = new EvictedReach(Set.of(evicted), chain.size());
    for (long height = chain.size(); height > 0; height--) {
      if (reach.covers(height, chain.get((int) height - 1))) {
        heights.add(height);
      }
    }
    return heights;
  }

  @Test
  void whatItsPredecessorsHadLeftIsSignedAgainToo() {
    fence("s1");
    block("s1", 0);
    block("s1", 2);
    block("s1", 2);
    fence("s2");
    block("s2", 4);
    block("s1", 5);

    assertThat(covered("s2")).containsExactly(7L, 6L, 5L, 4L, 3L);
  }

  @Test
  void itsOwnWordOnWhatWasSentIsNotBelieved() {
    fence("s1");
    block("s1", 0);
    block("s1", 0);
    fence("s2");
    block("s2", 4);
    block("s2", 5);
    block("s1", 6);

    assertThat(covered("s2")).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void norIsALieThatAnotherServersBlockRepeats() {
    block("s1", 0);
    block("s1", 0);
    block("s2", 2);
    block("s1", 2);
    block("s2", 4);
    block("s1", 4);

    assertThat(covered("s2")).containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void whatItTookOverAndNeverWroteAboutCountsToo() {
    block("s1", 0);
    block("s1", 1);
    fence("s2");
    fence("s1");
    block("s1", 2);

    assertThat(covered("s2")).containsExactly(5L, 3L, 2L);
  }

  @Test
  void otherServersBlocksAreTheirs() {
    fence("s1");
    block("s1", 1);
    block("s1", 2);

    assertThat(covered("s2")).containsExactly(3L);
  }

  @Test
  void whatAnEvictedServerWasToSignAgainForAnotherIsSignedOnceMore() {
    block("s1", 0);
    block("s1", 1);
    block("s1", 2);
    block("s2", 3, "s1");
    block("s2", 4);
    block("s3", 5, "s2");

    assertThat(covered("s2")).containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void norIsItsWordBelievedOnAnEvictionThatItTookOver() {
    block("s1", 0);
    block("s3", 1, "s1");
    block("s3", 1);
    block("s2", 3);
    block("s3", 4, "s2");

    assertThat(covered("s2")).containsExactly(5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void anEvictionWhoseWorkAnotherServerHadDoneIsLeftAlone() {
    block("s1", 0);
    block("s3", 1, "s1");
    block("s3", 2);
    block("s2", 3);
    block("s3", 4, "s2");

    assertThat(covered("s2")).containsExactly(5L, 4L, 3L);
  }
}
