package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.protocol.registry.TestAuthority.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.BlockDraft;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.RunningTime;
import org.junit.jupiter.api.Test;

class InternalInputsTest {
  private static final BankId US = new BankId("AAAAXX00");
  private static final BankId OTHER = new BankId("BBBBXX00");
  private static final Duration LICENCE = Duration.ofDays(365);

  private final TestAuthority authority = new TestAuthority();
  private LedgerState state = Ledger.empty(US, 0);
  private Instant now = NOW;
  private int behind;
  private final InternalInputs inputs;

  InternalInputsTest() throws Exception {
    BankDirectory directory =
        BankDirectory.verified(
            authority.root(),
            List.of(licence(US), licence(OTHER), authority.resolution(OTHER, US, 4, true).body()));
    inputs = inputs(directory);
  }

  private InternalInputs inputs(BankDirectory directory) {
    return new InternalInputs(
        US,
        TestNode.terms(),
        directory,
        new Evictions(US, authority.rootKey().verificationKey().id(), directory, () -> now),
        () -> now,
        new SiblingInputs(US, 0, List.of(), RunningTime.real()),
        () -> behind++);
  }

  private String licence(BankId bank) {
    return authority
        .license(
            bank,
            SigningKey.generate(SignatureAlgorithm.ED25519, TestFederation.RANDOM)
                .verificationKey(),
            DecryptionKey.generate(TestFederation.RANDOM).encryptionKey())
        .body();
  }

  /** Decides all news; what of the registry was told. */
  private List<Set<BankId>> tell() {
    List<LedgerInput> news = inputs.news(state).stream().map(InboxItem::input).toList();
    if (!news.isEmpty()) {
      BlockDraft draft = new BlockDraft(state, 0, now.toEpochMilli());
      news.forEach(input -> assertThat(draft.add(input)).isPresent());
      state = draft.after(draft.body(state.cursor(), 0, null));
    }
    return news.stream()
        .filter(LedgerInput.RegistryObserved.class::isInstance)
        .map(input -> ((LedgerInput.RegistryObserved) input).usable().keySet())
        .toList();
  }

  @Test
  void aDirectoryThatLacksWhatTheChainHasSeenIsSaidToBeBehind() throws Exception {
    tell();
    assertThat(behind).isZero();
    inputs(BankDirectory.verified(authority.root(), List.of())).news(state);

    assertThat(behind).isEqualTo(1);
  }

  @Test
  void aLicenceThatEndsReachesTheLedgerAlthoughTheRegistrySaysNothingNew() {
    assertThat(tell()).containsExactly(Set.of(US, OTHER));
    assertThat(tell()).isEmpty();

    now = NOW.plus(LICENCE).plusMillis(1);
    assertThat(tell()).singleElement().isEqualTo(Set.of());
    assertThat(state.registry().usable()).isEmpty();
    assertThat(tell()).isEmpty();
  }

  @Test
  void aLicenceThatBeginsReachesTheLedgerAtItsStart() {
    now = NOW.minusSeconds(601);
    assertThat(tell()).containsExactly(Set.of());

    now = NOW.minusSeconds(600);
    assertThat(tell()).containsExactly(Set.of(US, OTHER));
  }

  @Test
  void aResolutionComesWithTheAuthoritysSignature() throws Exception {
    LedgerInput.ResolutionPublished told =
        inputs.news(state).stream()
            .map(InboxItem::input)
            .filter(LedgerInput.ResolutionPublished.class::isInstance)
            .map(LedgerInput.ResolutionPublished.class::cast)
            .findFirst()
            .orElseThrow();

    assertThat(BankDirectory.verified(authority.root(), List.of(told.statement())).resolutions(US))
        .singleElement()
        .satisfies(resolution -> assertThat(resolution.transferNumber()).isEqualTo(4));
  }
}
