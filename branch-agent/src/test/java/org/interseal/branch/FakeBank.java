package org.interseal.branch;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.registry.TestAuthority;

/**
 * A bank as a branch sees it: opens the branch's letters with its own key and seals answers to it.
 */
final class FakeBank {
  static final BankId BANK = new BankId("BKABXX00");
  static final Party BRANCH = Party.branch(BANK, "north");
  static final CurrencyCode CZK = new CurrencyCode("CZK");

  final SecureRandom random = new SecureRandom();
  final DecryptionKey bankKey;
  int partitions = 1;
  final SigningKey branchSigning;
  final DecryptionKey branchKey;
  final SigningKey serverKey;
  final Party server = Party.server(BANK, "one");
  private long nextAccount = 1;

  FakeBank() {
    bankKey = DecryptionKey.generate(random);
    branchSigning = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    branchKey = DecryptionKey.generate(random);
    serverKey = SigningKey.generate(SignatureAlgorithm.ED25519, random);
  }

  FakeBank(
      TestAuthority.TestBank bank, TestAuthority.TestNode server, TestAuthority.TestNode branch) {
    bankKey = bank.decryption();
    branchSigning = branch.key();
    branchKey = branch.decryption();
    serverKey = server.key();
  }

  /** Both the server and whoever plays one are certified: only the role tells them apart. */
  AuthorKeys registered() {
    return (author, key) ->
        key.equals(serverKey.verificationKey().id())
            ? Optional.of(serverKey.verificationKey())
            : Optional.empty();
  }

  static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    Rejected(Exception cause) {
      super(cause);
    }
  }

  /** Opens a branch's letter, as a bank does. */
  Letter open(String envelope) throws Rejected {
    try {
      return Envelope.open(
              envelope,
              id ->
                  id.equals(bankKey.encryptionKey().id()) ? Optional.of(bankKey) : Optional.empty(),
              (author, key) ->
                  author.equals(BRANCH)
                      ? Optional.of(branchSigning.verificationKey())
                      : Optional.empty(),
              Party.bank(BANK)::equals,
              Optional.empty())
          .letter();
    } catch (CryptoFailure e) {
      throw new Rejected(e);
    }
  }

  static BranchMessage message(Letter letter) throws Rejected {
    try {
      Class<?> type = MessageType.named(letter.type()).orElseThrow().body();
      return (BranchMessage) ProtocolJson.decode(letter.body(), type);
    } catch (MalformedMessage e) {
      throw new Rejected(e);
    }
  }

  /** What an obliging bank answers. */
  BranchNotice decide(Letter letter) throws Rejected {
    Bytes id = letter.messageId();
    return switch (message(letter)) {
      case BranchMessage.OpenAccount m ->
          new BranchNotice.AccountOpened(
              id,
              Iban.of(BANK, 0, m.requestedNumber() == null ? nextAccount++ : m.requestedNumber()));
      case BranchMessage.CloseAccount m -> new BranchNotice.AccountClosed(id, m.account());
      case BranchMessage.PayCashIn m ->
          new BranchNotice.CashBooked(id, m.account(), m.amount(), m.reference(), m.amount());
      case BranchMessage.PayCashOut m ->
          new BranchNotice.CashBooked(
              id, m.account(), m.amount(), m.reference(), new Money(0, CZK));
      case BranchMessage.IssueActivationCode m ->
          new BranchNotice.ActivationCodeIssued(
              id, m.account(), letter.createdAt().plus(Duration.ofHours(24)).toEpochMilli());
      case BranchMessage.UnlinkDeviceOfCustomer m ->
          new BranchNotice.DeviceUnlinked(id, m.deviceId());
      case BranchMessage.ListDevices m -> new BranchNotice.Devices(id, m.account(), List.of());
    };
  }

  /** A mailbox row's body with this notice from the bank's server to the branch. */
  String row(BranchNotice notice, Instant now) {
    return row(notice, server, serverKey, BRANCH, branchKey.encryptionKey(), now);
  }

  String row(
      BranchNotice notice,
      Party author,
      SigningKey key,
      Party to,
      EncryptionKey toKey,
      Instant now) {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    Letter letter =
        new Letter(
            author,
            to,
            MessageType.nameOf(notice),
            Bytes.of(id),
            0,
            now,
            now.plus(Duration.ofDays(1)),
            ProtocolJson.encode(notice));
    String envelope = Envelope.seal(letter, key, toKey, 0, random);
    return ProtocolJson.encodeText(new MailboxItem(MailboxItem.VERSION, null, envelope));
  }

  LetterSealer sealer() {
    return new LetterSealer(
        BRANCH,
        BANK,
        branchSigning,
        () -> Optional.of(bankKey.encryptionKey()),
        () -> partitions,
        random);
  }

  /** Numbers of letters, in the order given. */
  List<Long> numbers(List<String> envelopes) throws Rejected {
    List<Long> numbers = new ArrayList<>();
    for (String envelope : envelopes) {
      numbers.add(open(envelope).number());
    }
    return numbers;
  }
}
