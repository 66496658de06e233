package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePMap;

class FederationWalkTest {
  private static final int STEPS = 500;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesAndDoublesNothingOnAnUnkindNetwork(long seed) {
    FederationWalk walk = new FederationWalk(seed);
    for (int i = 0; i < STEPS; i++) {
      walk.step();
    }
    walk.calmDown();
    walk.checkExactlyOnce();
    assertThat(walk.a.state.nextNumber(new Peer(TestBank.B, 0)))
        .as("transfers were sent")
        .isGreaterThan(20);
    assertThat(walk.b.position(TestBank.A)).as("and settled").isNotZero();
    assertThat(walk.authority.resolutions()).as("the authority had to resolve some").isPositive();
    assertThat(walk.keptInSuspense()).as("some of it without a payee").isPositive();
    assertThat(walk.a.state.evidenceCounts()).as("honest banks contradict nobody").isEmpty();
    assertThat(walk.b.state.evidenceCounts()).isEmpty();
    replaysToTheSame(walk.a);
    replaysToTheSame(walk.b);
  }

  private static void replaysToTheSame(TestBank bank) {
    LedgerState state = Ledger.empty(bank.id, 0);
    for (BlockBody block : bank.blocks) {
      state = Ledger.fold(state, block, state.height() + 1);
    }
    assertThat(state).isEqualTo(bank.state);
  }

  @Test
  void isNoticedWhenABankForgetsWhatItConsumed() {
    FederationWalk walk = new FederationWalk(1);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10 * STEPS; i++) {
                walk.step();
                Parts parts = walk.b.state.parts();
                walk.b.state =
                    new LedgerState(parts.with(new Peer(TestBank.A, 0), IncomingPair.EMPTY));
              }
            })
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void isNoticedWhenABankForgetsWhatCountsAsArrived() {
    FederationWalk walk = new FederationWalk(1);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10 * STEPS; i++) {
                walk.step();
                Parts parts = walk.b.state.parts();
                Peer a = new Peer(TestBank.A, 0);
                IncomingPair pair = parts.incomingFrom(a);
                walk.b.state =
                    new LedgerState(
                        parts.with(
                            a, new IncomingPair(pair.floor(), pair.received(), TreePMap.empty())));
              }
            })
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void isNoticedWhenABankMissesItsOwnSuspension() {
    FederationWalk walk = new FederationWalk(1);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10 * STEPS; i++) {
                walk.step();
                Parts parts = walk.b.state.parts();
                RegistryView known = parts.registry();
                walk.b.state =
                    new LedgerState(
                        parts.with(
                            new RegistryView(
                                known.version(), known.known(), known.known(), known.evicted())));
              }
            })
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void isNoticedWhenABankForgetsItsReferences() {
    FederationWalk walk = new FederationWalk(1);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < STEPS; i++) {
                walk.step();
                walk.a.state = new LedgerState(walk.a.state.parts().with(References.EMPTY));
              }
              walk.calmDown();
              walk.checkExactlyOnce();
            })
        .isInstanceOf(AssertionError.class);
  }
}
