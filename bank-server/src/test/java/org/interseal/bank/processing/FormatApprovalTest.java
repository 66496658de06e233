package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.junit.jupiter.api.Test;

class FormatApprovalTest {
  private static final BankId US = new BankId("AAAAXX00");

  private final TestAuthority authority = new TestAuthority();
  private final TestBank bank = authority.bank(US.value());
  private final TestBank other = authority.bank("BBBBXX00");

  private static String approval(
      int v, BankId of, int format, String type, SigningKey key, TestBank certified) {
    return SignedStatement.sign(type, ProtocolJson.encode(new FormatApproval(v, of, format)), key)
        + "."
        + certified.certificate().toBase64Url();
  }

  private boolean approves(int format, String text) throws Exception {
    return new RegistryNodeTrust(US, BankDirectory.verified(authority.root(), List.of()))
        .approvesFormat(format, text);
  }

  @Test
  void theBanksCertifyingKeyApprovesAFormatAndNobodyElseDoes() throws Exception {
    String type = FormatApproval.STATEMENT_TYPE;
    String ours = approval(1, US, 3, type, bank.certifying(), bank);
    assertThat(approves(3, ours)).as("with the root alone").isTrue();
    assertThat(approves(4, ours)).isFalse();

    SigningKey server = TestClient.newSigningKey();
    for (String text :
        List.of(
            "",
            "x",
            "x.y",
            ours.substring(0, ours.length() - 4),
            ours.substring(1),
            approval(2, US, 3, type, bank.certifying(), bank),
            approval(1, other.id(), 3, type, bank.certifying(), bank),
            approval(1, US, 3, type, other.certifying(), other),
            approval(1, US, 3, type, server, bank),
            approval(1, US, 3, "interseal-epoch", bank.certifying(), bank),
            approval(1, US, 3, type, new TestAuthority().bank(US.value()).certifying(), bank))) {
      assertThat(approves(3, text)).as(text).isFalse();
    }
    TestBank underAnotherRoot = new TestAuthority().bank(US.value());
    assertThat(
            approves(3, approval(1, US, 3, type, underAnotherRoot.certifying(), underAnotherRoot)))
        .isFalse();
  }

  @Test
  void anApprovalFitsIntoAHeader() {
    int length =
        approval(1, US, 3, FormatApproval.STATEMENT_TYPE, bank.certifying(), bank).length();
    // Of 2,800 characters of a header's signed text, in base64url, the rest needs about 850.
    assertThat(length * 4 / 3).isLessThan(1_950);
  }
}
