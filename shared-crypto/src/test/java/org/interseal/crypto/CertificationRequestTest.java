package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.interseal.identity.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificationRequestTest {
  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void a_request_names_its_bank_and_proves_its_key(SignatureAlgorithm algorithm) throws Exception {
    SigningKey key = SigningKey.generate(algorithm, Fixture.random("k"));
    Bytes request = CertificationRequest.forBank(Fixture.BANK, key);
    assertThat(CertificationRequest.verify(request)).isEqualTo(key.verificationKey());
    assertThat(CertificationRequest.bank(request)).isEqualTo(Fixture.BANK);
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void no_altered_bit_goes_unnoticed(SignatureAlgorithm algorithm) {
    Bytes request =
        CertificationRequest.forBank(
            Fixture.BANK, SigningKey.generate(algorithm, Fixture.random("k")));
    for (int bit = 0; bit < request.size() * 8; bit++) {
      byte[] altered = request.toArray();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatExceptionOfType(InvalidKeyMaterial.class)
          .as("bit %d", bit)
          .isThrownBy(() -> CertificationRequest.verify(Bytes.of(altered)));
    }
    for (int i = 0; i < request.size(); i++) {
      Bytes cut = request.prefix(i);
      assertThatExceptionOfType(InvalidKeyMaterial.class)
          .isThrownBy(() -> CertificationRequest.verify(cut));
    }
    Bytes longer = Bytes.hex(request.toHex() + "00");
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> CertificationRequest.verify(longer));
  }

  @Test
  void a_request_for_somebody_elses_key_is_refused() {
    SigningKey mine = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("mine"));
    SigningKey theirs = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("theirs"));
    Bytes request =
        Bytes.of(
            Profile.der(
                new PKCS10CertificationRequestBuilder(
                        Profile.subject(Party.bank(Fixture.BANK)),
                        SubjectPublicKeyInfo.getInstance(theirs.verificationKey().spki().toArray()))
                    .build(X509Signatures.signer(mine))
                    .toASN1Structure()));
    assertThatExceptionOfType(InvalidKeyMaterial.class)
        .isThrownBy(() -> CertificationRequest.verify(request));
  }

  @Test
  void a_request_that_names_no_bank_is_refused() {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, Fixture.random("k"));
    for (String subject :
        new String[] {
          "O=BKABXX00",
          "O=bkabxx00,OU=bank",
          "OU=bank",
          "O=BKABXX00,OU=bank,CN=x",
          "O=BKABXX00,OU=server"
        }) {
      Bytes request =
          Bytes.of(
              Profile.der(
                  new PKCS10CertificationRequestBuilder(
                          new X500Name(subject),
                          SubjectPublicKeyInfo.getInstance(key.verificationKey().spki().toArray()))
                      .build(X509Signatures.signer(key))
                      .toASN1Structure()));
      assertThatExceptionOfType(InvalidKeyMaterial.class)
          .isThrownBy(() -> CertificationRequest.bank(request));
    }
  }
}
