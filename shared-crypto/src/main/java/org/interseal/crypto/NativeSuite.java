package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSslXwingPrivateKey;
import org.conscrypt.OpenSslXwingPublicKey;

/** Signatures and AES-GCM through JCA providers, HPKE through Conscrypt. */
final class NativeSuite implements CryptoSuite {
  static final String HPKE = "XWING/HKDF_SHA256/AES_256_GCM";

  private static final int TAG_BITS = 128;

  private final Provider signatures;
  private final Provider hpke;
  private final Provider symmetric;

  NativeSuite(Provider signatures, Provider hpke, Provider symmetric) {
    this.signatures = signatures;
    this.hpke = hpke;
    this.symmetric = symmetric;
  }

  @Override
  public String name() {
    return signatures.getName() + "/" + hpke.getName();
  }

  @Override
  public SuiteInUse inUse() {
    return new SuiteInUse(signatures.getName(), hpke.getName(), symmetric.getName());
  }

  private static String keyAlgorithm(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ED25519 -> "Ed25519";
      case ES256 -> "EC";
    };
  }

  private static String signatureAlgorithm(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ED25519 -> "Ed25519";
      case ES256 -> "SHA256withECDSAinP1363Format";
    };
  }

  private KeyFactory keyFactory(SignatureAlgorithm algorithm) throws GeneralSecurityException {
    String name = keyAlgorithm(algorithm);
    return signatures.getService("KeyFactory", name) == null
        ? KeyFactory.getInstance(name)
        : KeyFactory.getInstance(name, signatures);
  }

  @Override
  public Signer signer(SignatureAlgorithm algorithm, byte[] secret) {
    PrivateKey key;
    try {
      key =
          keyFactory(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(KeyEncodings.pkcs8(algorithm, secret)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a validated key was refused by " + signatures, e);
    }
    String name = signatureAlgorithm(algorithm);
    return (content, length) -> {
      try {
        Signature signature = Signature.getInstance(name, signatures);
        signature.initSign(key);
        signature.update(content, 0, length);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("signing failed", e);
      }
    };
  }

  @Override
  public Verifier verifier(SignatureAlgorithm algorithm, byte[] spki) {
    PublicKey key;
    try {
      key = keyFactory(algorithm).generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a validated key was refused by " + signatures, e);
    }
    String name = signatureAlgorithm(algorithm);
    return (content, length, bytes) -> {
      try {
        Signature signature = Signature.getInstance(name, signatures);
        signature.initVerify(key);
        signature.update(content, 0, length);
        return bytes.length == SignatureAlgorithm.SIGNATURE_BYTES && signature.verify(bytes);
      } catch (SignatureException malformed) {
        return false;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("verification is not available", e);
      }
    };
  }

  @Override
  public HpkeSealer sealer(byte[] publicKey) {
    PublicKey key = new OpenSslXwingPublicKey(publicKey);
    return (info, associatedData, plaintext, random) ->
        seal(key, info, associatedData, plaintext, random);
  }

  @SuppressWarnings("UnusedVariable") // BoringSSL draws its own randomness
  private Sealed seal(
      PublicKey key, byte[] info, byte[] associatedData, byte[] plaintext, SecureRandom random) {
    try {
      HpkeContextSender context = HpkeContextSender.getInstance(HPKE, hpke);
      context.init(key, info);
      byte[] ciphertext = context.seal(plaintext, associatedData);
      return new Sealed(context.getEncapsulated(), ciphertext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing to a validated key failed", e);
    }
  }

  @Override
  public HpkeOpener opener(byte[] seed) {
    PrivateKey key = new OpenSslXwingPrivateKey(seed);
    return (encapsulated, info, associatedData, ciphertext) -> {
      try {
        HpkeContextRecipient context = HpkeContextRecipient.getInstance(HPKE, hpke);
        context.init(encapsulated, key, info);
        return context.open(ciphertext, associatedData);
      } catch (IllegalArgumentException | IllegalStateException refused) {
        throw new GeneralSecurityException(refused);
      }
    };
  }

  @Override
  public Aead aead(byte[] key) {
    SecretKeySpec spec = new SecretKeySpec(key, "AES");
    return new Aead() {
      @Override
      public byte[] encrypt(byte[] nonce, byte[] associatedData, byte[] plaintext) {
        try {
          return cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException("encryption failed", e);
        }
      }

      @Override
      public byte[] decrypt(byte[] nonce, byte[] associatedData, byte[] sealed, int offset)
          throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, nonce, associatedData)
            .doFinal(sealed, offset, sealed.length - offset);
      }

      private Cipher cipher(int mode, byte[] nonce, byte[] associatedData)
          throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", symmetric);
        cipher.init(mode, spec, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associatedData);
        return cipher;
      }
    };
  }
}
