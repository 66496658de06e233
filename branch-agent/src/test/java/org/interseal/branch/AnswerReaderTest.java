package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.branch.FakeBank.BANK;
import static org.interseal.branch.FakeBank.BRANCH;

import java.time.Instant;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchNotice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-02T09:00:00Z");
  private static final Bytes REQUEST = Bytes.hex("000102030405060708090a0b0c0d0e0f");
  private static final BranchNotice CLOSED =
      new BranchNotice.AccountClosed(REQUEST, Iban.of(BANK, 0, 7));

  private final FakeBank bank = new FakeBank();
  private final RequestBook book = new RequestBook();
  private final AnswerReader reader =
      new AnswerReader(BRANCH, BANK, bank.branchKey, bank.registered(), book);

  @BeforeEach
  void aRequestIsUnderWay() {
    book.apply(
        new JournalRecord.Sent(
            REQUEST, 1, "branch.account-close.v1", "e", 0, 1, "ada", null, REQUEST, null));
  }

  private AnswerReader.Reading read(Party author, SigningKey key, Party to, DecryptionKey toKey) {
    return reader.read(bank.row(CLOSED, author, key, to, toKey.encryptionKey(), NOW), NOW);
  }

  private static AnswerReader.Reading refused(String reason) {
    return new AnswerReader.Reading.Refused(reason);
  }

  @Test
  void aServerOfTheBranchsOwnBankIsBelieved() {
    assertThat(read(bank.server, bank.serverKey, BRANCH, bank.branchKey))
        .isInstanceOf(AnswerReader.Reading.Answer.class);
  }

  @Test
  void certifiedPartiesInAnotherRoleAreNotBelieved() {
    for (Party rogue :
        new Party[] {
          Party.gateway(BANK, "one"),
          Party.branch(BANK, "one"),
          Party.device(BANK, "one"),
          Party.bank(BANK)
        }) {
      assertThat(read(rogue, bank.serverKey, BRANCH, bank.branchKey))
          .isEqualTo(refused("UNKNOWN_AUTHOR"));
    }
  }

  @Test
  void aServerOfAnotherBankIsNotBelieved() {
    Party other = Party.server(new BankId("BKCDXX00"), "one");

    assertThat(read(other, bank.serverKey, BRANCH, bank.branchKey))
        .isEqualTo(refused("UNKNOWN_AUTHOR"));
  }

  @Test
  void anUncertifiedKeyIsNotBelieved() {
    SigningKey own = SigningKey.generate(SignatureAlgorithm.ED25519, bank.random);

    assertThat(read(bank.server, own, BRANCH, bank.branchKey)).isEqualTo(refused("UNKNOWN_AUTHOR"));
  }

  @Test
  void whatIsAddressedToAnotherBranchIsNotTaken() {
    assertThat(read(bank.server, bank.serverKey, Party.branch(BANK, "south"), bank.branchKey))
        .isEqualTo(refused("WRONG_RECIPIENT"));
  }

  @Test
  void whatIsSealedToAnotherKeyIsNotTaken() {
    DecryptionKey other = DecryptionKey.generate(bank.random);

    assertThat(read(bank.server, bank.serverKey, BRANCH, other))
        .isEqualTo(refused("UNKNOWN_RECIPIENT_KEY"));
  }

  @Test
  void anAnswerOfAnotherKindThanWasAskedIsNotTaken() {
    BranchNotice opened = new BranchNotice.AccountOpened(REQUEST, Iban.of(BANK, 0, 7));

    assertThat(reader.read(bank.row(opened, NOW), NOW)).isEqualTo(refused("UNEXPECTED_TYPE"));
  }

  @Test
  void whatNothingWaitsForChangesNothing() {
    BranchNotice unknown =
        new BranchNotice.Refused(Bytes.of(new byte[16]), ReasonCode.AC01, "no such account");

    assertThat(reader.read(bank.row(unknown, NOW), NOW))
        .isEqualTo(new AnswerReader.Reading.NotAwaited());
  }

  @Test
  void junkIsRefusedAndNothingElse() {
    assertThat(reader.read("{}", NOW)).isEqualTo(refused("MALFORMED_ITEM"));
    assertThat(reader.read("{\"v\":1,\"envelope\":\"junk\"}", NOW)).isEqualTo(refused("MALFORMED"));
  }
}
