package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.bank.ledger.TestBank.CZK;
import static org.interseal.bank.ledger.TestBank.activation;
import static org.interseal.bank.ledger.TestBank.keys;
import static org.interseal.bank.ledger.TestBank.secret;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.Test;

class DeviceLinkTest {
  private final TestBank bank = TestBank.founded(TestBank.A);
  private final Iban account = bank.open("Ada", CZK);

  @Test
  void linksADeviceThatKnowsTheCode() {
    String id = bank.enrol(account, "phone");
    DeviceView device = bank.state.device(id).orElseThrow();
    assertThat(device.linked()).isTrue();
    assertThat(device.signingKey()).isEqualTo(KeyId.ofSpki(keys("phone").signing()));
    assertThat(bank.notices("phone"))
        .hasOnlyElementsOfType(DeviceNotice.DeviceLinked.class)
        .hasSize(1);
    assertThat(bank.messages)
        .contains(new OutgoingMessage.DeviceRecord(id, 1, true, keys("phone")));
  }

  @Test
  void usesACodeOnce() {
    Bytes secret = secret("code");
    bank.issueCode(account, secret);
    assertThat(bank.device("phone", activation(account, secret, "phone")).outcome())
        .isEqualTo("accepted");
    assertThat(bank.device("thief", activation(account, secret, "thief")).outcome())
        .isEqualTo("DS0H");
    assertThat(bank.state.device(keys("thief").deviceId())).isEmpty();
  }

  @Test
  void refusesAnExpiredCodeAndAReplacedOne() {
    Bytes first = secret("first");
    Bytes second = secret("second");
    bank.issueCode(account, first);
    bank.issueCode(account, second);
    assertThat(bank.device("phone", activation(account, first, "phone")).outcome())
        .isEqualTo("DS0H");
    bank.pass(BranchRules.CODE_LIFE_MILLIS - 1);
    assertThat(bank.device("phone", activation(account, second, "phone")).outcome())
        .isEqualTo("accepted");
    Bytes third = secret("third");
    bank.issueCode(account, third);
    bank.pass(BranchRules.CODE_LIFE_MILLIS);
    assertThat(bank.device("tablet", activation(account, third, "tablet")).outcome())
        .isEqualTo("DS0H");
  }

  @Test
  void countsFiveWrongTriesAndThenIsSilent() {
    Bytes right = secret("right");
    bank.issueCode(account, right);
    for (int i = 0; i < 5; i++) {
      assertThat(
              bank.device("guess" + i, activation(account, secret("wrong" + i), "guess" + i))
                  .outcome())
          .isEqualTo("DS0H");
      assertThat(bank.notices("guess" + i)).hasSize(1);
    }
    Decision sixth = bank.device("guess6", activation(account, secret("wrong6"), "guess6"));
    assertThat(sixth).isEqualTo(Verdict.nothing("exhausted"));
    assertThat(bank.device("phone", activation(account, right, "phone")).outcome())
        .isEqualTo("exhausted");
    bank.issueCode(account, right);
    assertThat(bank.device("phone", activation(account, right, "phone")).outcome())
        .as("a new code starts anew")
        .isEqualTo("accepted");
  }

  @Test
  void countsAReplayedTryOnce() {
    bank.issueCode(account, secret("right"));
    LedgerInput.FromDevice wrong =
        bank.fromDevice("guess", activation(account, secret("wrong"), "guess"));
    assertThat(bank.take(wrong).getFirst().outcome()).isEqualTo("DS0H");
    for (int i = 0; i < 10; i++) {
      assertThat(bank.take(wrong).getFirst()).isEqualTo(Verdict.nothing("duplicate"));
    }
    assertThat(bank.device("phone", activation(account, secret("right"), "phone")).outcome())
        .isEqualTo("accepted");
  }

  @Test
  void believesAnActivationOnlyFromTheKeysInIt() {
    bank.issueCode(account, secret("code"));
    DeviceMessage.ActivateDevice message = activation(account, secret("code"), "phone");
    DeviceKeys others = keys("other");
    LedgerInput.FromDevice otherAuthor = bank.fromDevice(others, 1, message);
    assertThat(bank.take(otherAuthor).getFirst()).isEqualTo(Verdict.nothing("unauthorised"));
    LedgerInput.FromDevice right = bank.fromDevice("phone", message);
    LedgerInput.FromDevice otherKey =
        new LedgerInput.FromDevice(
            right.reference(),
            right.deviceId(),
            KeyId.ofSpki(others.signing()),
            right.messageId(),
            right.number(),
            right.createdAtMillis(),
            right.expiresAtMillis(),
            message);
    assertThat(bank.take(otherKey).getFirst()).isEqualTo(Verdict.nothing("unauthorised"));
    assertThat(bank.take(right).getFirst().outcome()).isEqualTo("accepted");
    assertThat(bank.take(right).getFirst()).as("replayed").isEqualTo(Verdict.nothing("duplicate"));
  }

  @Test
  void saysNothingAboutAnAccountWithoutACode() {
    assertThat(bank.device("phone", activation(account, secret("x"), "phone")))
        .isEqualTo(Verdict.nothing("unauthorised"));
    assertThat(bank.device("phone", activation(Iban.of(TestBank.A, 0, 50), secret("x"), "phone")))
        .isEqualTo(Verdict.nothing("unauthorised"));
  }

  @Test
  void answersALinkedDeviceThatActivatesAgain() {
    bank.enrol(account, "phone");
    assertThat(bank.device("phone", activation(account, secret("phone"), "phone")).outcome())
        .isEqualTo("first-answer");
    Iban stranger = bank.open("Eve", CZK);
    assertThat(bank.device("phone", activation(stranger, secret("phone"), "phone")).outcome())
        .isEqualTo("AG01");
  }

  @Test
  void letsALinkedDeviceApproveAnother() {
    bank.enrol(account, "phone");
    assertThat(
            bank.device("phone", new DeviceMessage.ApproveDevice(keys("tablet"), "Tablet"))
                .outcome())
        .isEqualTo("accepted");
    assertThat(bank.notices("phone")).hasSize(1);
    assertThat(bank.notices("tablet")).hasSize(1);
    assertThat(bank.device("tablet", new DeviceMessage.QueryBalance(account)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.device("laptop", new DeviceMessage.ApproveDevice(keys("spy"), "Spy")))
        .isEqualTo(Verdict.nothing("unauthorised"));
  }

  @Test
  void doesNotTakeADeviceFromAnotherCustomer() {
    bank.enrol(account, "phone");
    Iban other = bank.open("Eve", CZK);
    bank.enrol(other, "eve");
    assertThat(bank.device("eve", new DeviceMessage.ApproveDevice(keys("phone"), "Mine")).outcome())
        .isEqualTo("AG01");
    assertThat(
            bank.device("eve", new DeviceMessage.UnlinkDevice(keys("phone").deviceId())).outcome())
        .isEqualTo("AG01");
    assertThat(bank.state.device(keys("phone").deviceId()).orElseThrow().linked()).isTrue();
  }

  @Test
  void linksTenDevicesAndNoMore() {
    bank.enrol(account, "phone0");
    for (int i = 1; i < 10; i++) {
      assertThat(
              bank.device("phone0", new DeviceMessage.ApproveDevice(keys("phone" + i), "Phone"))
                  .outcome())
          .isEqualTo("accepted");
    }
    assertThat(
            bank.device("phone0", new DeviceMessage.ApproveDevice(keys("phone10"), "Phone"))
                .outcome())
        .isEqualTo("MS03");
  }

  @Test
  void linksNoDeviceByACodeBesideALinkedOne() {
    String phone = bank.enrol(account, "phone");
    bank.issueCode(account, secret("tellers"));
    assertThat(bank.device("spy", activation(account, secret("tellers"), "spy")).outcome())
        .isEqualTo("AG01");
    assertThat(bank.notices("spy")).hasOnlyElementsOfType(DeviceNotice.Refused.class).hasSize(1);
    assertThat(bank.state.device(keys("spy").deviceId())).isEmpty();

    bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, phone));
    assertThat(bank.notices("phone"))
        .as("unlinking is not silent")
        .hasOnlyElementsOfType(DeviceNotice.DeviceUnlinked.class)
        .hasSize(1);
    assertThat(bank.device("tablet", activation(account, secret("tellers"), "tablet")).outcome())
        .isEqualTo("accepted");
  }

  @Test
  void anAccomplicesDeviceStaysWhenTheOneThatApprovedItGoes() {
    String phone = bank.enrol(account, "phone");
    bank.device("phone", new DeviceMessage.ApproveDevice(keys("spy"), "Spy"));
    bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, phone));
    assertThat(bank.device("spy", new DeviceMessage.QueryBalance(account)).outcome())
        .isEqualTo("accepted");
    bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, keys("spy").deviceId()));
    assertThat(bank.device("spy", new DeviceMessage.QueryBalance(account)))
        .isEqualTo(Verdict.nothing("unauthorised"));
  }

  @Test
  void anUnlinkedDeviceIsNobody() {
    String phone = bank.enrol(account, "phone");
    bank.device("phone", new DeviceMessage.ApproveDevice(keys("tablet"), "Tablet"));
    assertThat(bank.device("tablet", new DeviceMessage.UnlinkDevice(phone)).outcome())
        .isEqualTo("accepted");
    assertThat(bank.messages).contains(new OutgoingMessage.DeviceRecord(phone, 2, false, null));
    assertThat(bank.device("phone", new DeviceMessage.QueryBalance(account)))
        .isEqualTo(Verdict.nothing("unauthorised"));
  }

  @Test
  void aDeviceThatIsLinkedAgainKeepsItsNumbers() {
    bank.enrol(account, "phone");
    LedgerInput.FromDevice old = bank.fromDevice("phone", new DeviceMessage.QueryBalance(account));
    bank.take(old);
    bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, keys("phone").deviceId()));
    bank.enrol(account, "phone");
    assertThat(bank.take(old).getFirst()).isEqualTo(Verdict.nothing("duplicate"));
    assertThat(bank.state.device(keys("phone").deviceId()).orElseThrow().revision()).isEqualTo(3);
  }

  @Test
  void aBranchListsAndUnlinksDevices() {
    String phone = bank.enrol(account, "phone");
    bank.branch(new BranchMessage.ListDevices("t1", account));
    assertThat(((BranchNotice.Devices) bank.branchNotice()).devices())
        .extracting(BranchNotice.LinkedDevice::deviceId)
        .containsExactly(phone);
    assertThat(
            bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, phone)).outcome())
        .isEqualTo("accepted");
    assertThat(
            bank.branch(new BranchMessage.UnlinkDeviceOfCustomer("t1", account, phone)).outcome())
        .isEqualTo("AG01");
    bank.branch(new BranchMessage.ListDevices("t1", account));
    assertThat(((BranchNotice.Devices) bank.branchNotice()).devices()).isEqualTo(List.of());
  }
}
