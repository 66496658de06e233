package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.MailboxItem;

/** A branch that opens accounts and links devices. */
final class TestBranch extends TestClient {
  private int references;

  private TestBranch(TestNode bank) {
    super(
        bank,
        Party.branch(bank.id, name(bank)),
        MailboxItem.branchStream(name(bank)),
        newSigningKey(),
        DecryptionKey.generate(TestFederation.RANDOM));
  }

  /** One per partition, so that each has numbers of its own. */
  private static String name(TestNode bank) {
    return bank.partition == 0 ? "main" : "main-" + bank.partition;
  }

  static TestBranch of(TestNode bank) {
    TestBranch branch = new TestBranch(bank);
    bank.certify(branch.party, branch.signing, Optional.of(branch.encryption.encryptionKey()));
    return branch;
  }

  Iban open(String customer) {
    int before =
        (int) received().stream().filter(BranchNotice.AccountOpened.class::isInstance).count();
    send(new BranchMessage.OpenAccount("teller-1", customer, TestNode.CZK, null));
    until(
        "account opened",
        () ->
            received().stream().filter(BranchNotice.AccountOpened.class::isInstance).count()
                > before);
    return received().stream()
        .filter(BranchNotice.AccountOpened.class::isInstance)
        .map(BranchNotice.AccountOpened.class::cast)
        .skip(before)
        .findFirst()
        .orElseThrow()
        .account();
  }

  void cashIn(Iban account, long amountMinor) {
    references++;
    String reference = "cash-" + references;
    send(
        new BranchMessage.PayCashIn(
            "teller-1", account, new Money(amountMinor, TestNode.CZK), reference));
    await(BranchNotice.CashBooked.class, n -> n.reference().equals(reference));
  }

  /** A customer with a funded account and one linked device. */
  TestDevice customer(String name, long fundsMinor) {
    Iban account = open(name);
    if (fundsMinor > 0) {
      cashIn(account, fundsMinor);
    }
    byte[] secret = new byte[ActivationCode.SECRET_BYTES];
    TestFederation.RANDOM.nextBytes(secret);
    send(
        new BranchMessage.IssueActivationCode(
            "teller-1", account, ActivationCode.hash(account, Bytes.of(secret))));
    await(BranchNotice.ActivationCodeIssued.class, n -> n.account().equals(account));
    TestDevice device = TestDevice.of(bank, name, account);
    device.activate(Bytes.of(secret));
    device.await(DeviceNotice.DeviceLinked.class, n -> n.deviceId().equals(device.party.name()));
    return device;
  }
}
