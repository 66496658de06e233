package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.ReportBatch;
import org.interseal.protocol.message.MessageType;
import org.junit.jupiter.api.Test;

class MessageOpenerTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");
  private static final BankId US = new BankId("AAAAXX00");
  private static final BankId OTHER = new BankId("BBBBXX00");
  private static final Iban ACCOUNT = Iban.of(US, 0, 7);
  private static final Bytes ID = Bytes.of(new byte[16]);

  private final DecryptionKey bankKey = DecryptionKey.generate(RANDOM);
  private final SigningKey deviceKey = signingKey();
  private final SigningKey serverKey = signingKey();
  private final Party device = Party.device(US, "device-1");
  private final Party otherServer = Party.server(OTHER, "s1");

  private final MessageOpener opener =
      new MessageOpener(
          US,
          0,
          id -> id.equals(bankKey.encryptionKey().id()) ? Optional.of(bankKey) : Optional.empty(),
          _ -> false,
          new Authors(US, new OneDevice(), new OneServer(), new VerificationKeyCache()),
          InstantSource.fixed(NOW),
          new BankMeters(new SimpleMeterRegistry()));

  private static SigningKey signingKey() {
    return SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
  }

  private final class OneDevice implements DeviceDirectory {
    @Override
    public Optional<Bytes> signingKey(String deviceId) {
      return deviceId.equals(device.name())
          ? Optional.of(deviceKey.verificationKey().spki())
          : Optional.empty();
    }

    @Override
    public long highestNumber(String deviceId) {
      return 0;
    }
  }

  private final class OneServer implements CertifiedNodes {
    @Override
    public Optional<VerificationKey> key(Party node, KeyId signingKey) {
      boolean known =
          node.equals(otherServer) || (node.role() == PartyRole.SERVER && US.equals(node.bank()));
      return known ? Optional.of(serverKey.verificationKey()) : Optional.empty();
    }

    @Override
    public boolean isUsable(BankId bank) {
      return bank.equals(OTHER);
    }
  }

  private Opening open(Party author, SigningKey key, Object message) {
    return open(author, key, 0, 1, NOW, MessageType.nameOf(message), ProtocolJson.encode(message));
  }

  private Opening open(
      Party author,
      SigningKey key,
      int partition,
      long number,
      Instant createdAt,
      String type,
      Bytes body) {
    Letter letter =
        new Letter(
            author,
            Party.bank(US),
            type,
            ID,
            number,
            createdAt,
            createdAt.plus(Duration.ofHours(1)),
            body);
    return opener.open(
        Envelope.seal(letter, key, bankKey.encryptionKey(), partition, RANDOM), "submission");
  }

  private static String reason(Opening opening) {
    return ((Opening.Refused) opening).reason();
  }

  @Test
  void a_linked_devices_message_becomes_an_input() {
    Opening opening = open(device, deviceKey, new DeviceMessage.QueryBalance(ACCOUNT));
    LedgerInput.FromDevice input =
        (LedgerInput.FromDevice) ((Opening.Proved) opening).inputs().getFirst();
    assertThat(input.deviceId()).isEqualTo(device.name());
    assertThat(input.reference()).isEqualTo("submission/0");
    assertThat(input.signingKey()).isEqualTo(deviceKey.verificationKey().id());
  }

  @Test
  void a_message_of_an_unknown_device_may_be_proved_later() {
    Opening opening =
        open(Party.device(US, "device-2"), signingKey(), new DeviceMessage.QueryBalance(ACCOUNT));
    assertThat(opening).isEqualTo(new Opening.Refused("unknown-author", Opening.Hope.NEW_AUTHOR));
  }

  @Test
  void a_new_device_is_verified_by_the_keys_that_name_it() {
    SigningKey signing = signingKey();
    DeviceKeys keys =
        new DeviceKeys(
            signing.verificationKey().spki(),
            bankKey.encryptionKey().spki(),
            signingKey().verificationKey().spki());
    DeviceMessage activate =
        new DeviceMessage.ActivateDevice(ACCOUNT, Bytes.of(new byte[10]), keys, "phone");
    assertThat(open(Party.device(US, keys.deviceId()), signing, activate))
        .isInstanceOf(Opening.Proved.class);
    assertThat(reason(open(device, signing, activate))).isEqualTo("unknown-author");
    assertThat(reason(open(Party.device(US, keys.deviceId()), signingKey(), activate)))
        .isEqualTo("unknown-author");
  }

  @Test
  void nobody_says_what_is_not_his_to_say() {
    Report report = new Report(1, Bytes.of(new byte[32]), TransactionStatus.RJCT, ReasonCode.AC01);
    Object reports = new ReportBatch(0, 0, List.of(report), "head");
    assertThat(reason(open(device, deviceKey, reports))).isEqualTo("wrong-role");
    assertThat(reason(open(otherServer, serverKey, new DeviceMessage.QueryBalance(ACCOUNT))))
        .isEqualTo("wrong-role");
    assertThat(reason(open(Party.server(US, "s1"), serverKey, reports)))
        .isEqualTo("unknown-author");
    Object notice = new DeviceNotice.DeviceUnlinked(null, "device-1");
    assertThat(reason(open(device, deviceKey, notice))).isEqualTo("wrong-direction");
  }

  @Test
  void what_is_no_message_of_the_protocol_is_refused() {
    Bytes body = ProtocolJson.encode(new DeviceMessage.QueryBalance(ACCOUNT));
    assertThat(reason(open(device, deviceKey, 0, 1, NOW, "balance.query.v9", body)))
        .isEqualTo("unknown-type");
    assertThat(reason(open(device, deviceKey, 0, 1, NOW, "balance.query.v1", Bytes.utf8("{}"))))
        .isEqualTo("malformed-body");
    assertThat(reason(open(device, deviceKey, 0, 0, NOW, "balance.query.v1", body)))
        .isEqualTo("unnumbered");
    assertThat(reason(open(device, deviceKey, 1, 1, NOW, "balance.query.v1", body)))
        .isEqualTo("wrong-partition");
    assertThat(reason(opener.open("junk", "submission"))).isEqualTo("malformed");
  }

  @Test
  void
      an_expired_letter_of_a_bank_is_dropped_and_an_expired_one_of_a_device_is_the_ledgers_business() {
    Instant yesterday = NOW.minus(Duration.ofDays(1));
    Bytes query = ProtocolJson.encode(new DeviceMessage.QueryBalance(ACCOUNT));
    assertThat(open(device, deviceKey, 0, 1, yesterday, "balance.query.v1", query))
        .isInstanceOf(Opening.Proved.class);
    Bytes reports =
        ProtocolJson.encode(reports(new ChainHead(OTHER, 0, 3, Bytes.of(new byte[32])), serverKey));
    assertThat(
            reason(open(otherServer, serverKey, 0, 0, yesterday, "interbank.reports.v1", reports)))
        .isEqualTo("expired");
    assertThat(open(otherServer, serverKey, 0, 0, NOW, "interbank.reports.v1", reports))
        .isInstanceOf(Opening.Proved.class);
  }

  private static ReportBatch reports(ChainHead head, SigningKey signer) {
    Report report = new Report(1, Bytes.of(new byte[32]), TransactionStatus.ACCC, null);
    return new ReportBatch(
        0,
        0,
        List.of(report),
        SignedStatement.sign(ChainHead.STATEMENT_TYPE, ProtocolJson.encode(head), signer));
  }

  @Test
  void a_chain_head_must_be_its_authors() {
    ChainHead foreign = new ChainHead(US, 0, 3, Bytes.of(new byte[32]));
    assertThat(reason(open(otherServer, serverKey, reports(foreign, serverKey))))
        .isEqualTo("bad-chain-head");
    ChainHead right = new ChainHead(OTHER, 0, 3, Bytes.of(new byte[32]));
    assertThat(reason(open(otherServer, serverKey, reports(right, signingKey()))))
        .isEqualTo("bad-chain-head");
  }
}
