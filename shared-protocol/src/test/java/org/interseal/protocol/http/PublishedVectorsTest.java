package org.interseal.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.VerificationKey;
import org.junit.jupiter.api.Test;

/**
 * What RFC 9421 and RFC 9530 print. The examples cover other components than our one form, so they
 * hold the algorithms, their encodings and the digest to the standards; the form itself is held by
 * RequestSignatureTest.
 */
class PublishedVectorsTest {
  private static Bytes base64(String text) {
    return Bytes.of(Base64.getDecoder().decode(text));
  }

  /** RFC 9421 appendix B.2.6. */
  @Test
  void ed25519() throws InvalidKeyMaterial {
    VerificationKey key =
        VerificationKey.fromSpki(
            base64("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="));
    String base =
        """
        "date": Tue, 20 Apr 2021 02:07:55 GMT
        "@method": POST
        "@path": /foo
        "@authority": example.com
        "content-type": application/json
        "content-length": 18
        "@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")\
        ;created=1618884473;keyid="test-key-ed25519\"\
        """;
    Bytes signature =
        base64(
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
    assertThat(key.verifies(Bytes.utf8(base), signature)).isTrue();
    assertThat(key.verifies(Bytes.utf8(base.replace("/foo", "/bar")), signature)).isFalse();
  }

  /** RFC 9421 appendix B.2.4. */
  @Test
  void ecdsaP256() throws InvalidKeyMaterial {
    VerificationKey key =
        VerificationKey.fromSpki(
            base64(
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf"
                    + "w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="));
    String base =
        """
        "@status": 200
        "content-type": application/json
        "content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
        "content-length": 23
        "@signature-params": ("@status" "content-type" "content-digest" "content-length")\
        ;created=1618884473;keyid="test-key-ecc-p256\"\
        """;
    Bytes signature =
        base64(
            "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==");
    assertThat(key.verifies(Bytes.utf8(base), signature)).isTrue();
  }

  /** RFC 9530 section 3, the representation with its line feed. */
  @Test
  void contentDigest() {
    assertThat(SignatureForm.contentDigest(Bytes.utf8("{\"hello\": \"world\"}\n")))
        .isEqualTo("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
  }

  /** RFC 9421 section 2.5: the shape of a signature base. */
  @Test
  void signatureBase() {
    assertThat(
            SignatureForm.base("POST", "/foo", "param=Value&Pet=dog", "sha-256=:AA==:", "(...)")
                .toUtf8())
        .isEqualTo(
            """
            "@method": POST
            "@path": /foo
            "@query": ?param=Value&Pet=dog
            "content-digest": sha-256=:AA==:
            "@signature-params": (...)\
            """);
    assertThat(SignatureForm.base("GET", "", null, null, "()").toUtf8())
        .isEqualTo(
            """
            "@method": GET
            "@path": /
            "@query": ?
            "@signature-params": ()\
            """);
  }
}
