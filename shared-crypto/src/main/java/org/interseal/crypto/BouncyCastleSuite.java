package org.interseal.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;

/** Everything in Java, through BouncyCastle's lightweight API. Slower, needs no native library. */
final class BouncyCastleSuite implements CryptoSuite {
  static final String NAME = "BouncyCastle";

  private static final int TAG_BITS = 128;
  private static final int ENCAPSULATION_RANDOM_BYTES = 64;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SuiteInUse inUse() {
    return new SuiteInUse(NAME, NAME, NAME);
  }

  static HPKE hpke() {
    return new HPKE(HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  @Override
  public Signer signer(SignatureAlgorithm algorithm, byte[] secret) {
    return switch (algorithm) {
      case ED25519 -> {
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(secret);
        yield (content, length) -> {
          Ed25519Signer signer = new Ed25519Signer();
          signer.init(true, key);
          signer.update(content, 0, length);
          return signer.generateSignature();
        };
      }
      case ES256 -> {
        ECPrivateKeyParameters key =
            new ECPrivateKeyParameters(new BigInteger(1, secret), P256.DOMAIN);
        yield (content, length) -> {
          ECDSASigner signer =
              new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())); // RFC 6979
          signer.init(true, key);
          BigInteger[] rs = signer.generateSignature(sha256(content, length));
          return P256.fixedLength(rs[0], rs[1]);
        };
      }
    };
  }

  @Override
  public Verifier verifier(SignatureAlgorithm algorithm, byte[] spki) {
    return switch (algorithm) {
      case ED25519 -> {
        Ed25519PublicKeyParameters key =
            new Ed25519PublicKeyParameters(spki, spki.length - Ed25519PublicKeyParameters.KEY_SIZE);
        yield (content, length, signature) -> {
          if (signature.length != SignatureAlgorithm.SIGNATURE_BYTES) {
            return false;
          }
          Ed25519Signer signer = new Ed25519Signer();
          signer.init(false, key);
          signer.update(content, 0, length);
          return signer.verifySignature(signature);
        };
      }
      case ES256 -> {
        ECPublicKeyParameters key =
            new ECPublicKeyParameters(P256.point(KeyEncodings.rawPublicKey(spki)), P256.DOMAIN);
        yield (content, length, signature) -> {
          if (signature.length != SignatureAlgorithm.SIGNATURE_BYTES) {
            return false;
          }
          ECDSASigner signer = new ECDSASigner();
          signer.init(false, key);
          int half = signature.length / 2;
          return signer.verifySignature(
              sha256(content, length),
              new BigInteger(1, Arrays.copyOf(signature, half)),
              new BigInteger(1, Arrays.copyOfRange(signature, half, signature.length)));
        };
      }
    };
  }

  private static byte[] sha256(byte[] content, int length) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(content, 0, length);
    byte[] out = new byte[digest.getDigestSize()];
    digest.doFinal(out, 0);
    return out;
  }

  @Override
  public HpkeSealer sealer(byte[] publicKey) {
    AsymmetricKeyParameter key = hpke().deserializePublicKey(publicKey);
    return (info, associatedData, plaintext, random) -> {
      byte[] encapsulationRandom = new byte[ENCAPSULATION_RANDOM_BYTES];
      random.nextBytes(encapsulationRandom);
      try {
        HPKEContextWithEncapsulation context = hpke().setupBaseS(key, info, encapsulationRandom);
        return new Sealed(context.getEncapsulation(), context.seal(associatedData, plaintext));
      } catch (InvalidCipherTextException e) {
        throw new IllegalStateException("sealing to a validated key failed", e);
      }
    };
  }

  @Override
  public HpkeOpener opener(byte[] seed) {
    AsymmetricCipherKeyPair key =
        hpke().deserializePrivateKey(seed, KeyEncodings.xWingPublicKey(seed));
    return (encapsulated, info, associatedData, ciphertext) -> {
      try {
        return hpke().setupBaseR(encapsulated, key, info).open(associatedData, ciphertext);
      } catch (InvalidCipherTextException | RuntimeException refused) {
        throw new GeneralSecurityException(refused);
      }
    };
  }

  @Override
  public Aead aead(byte[] key) {
    KeyParameter parameter = new KeyParameter(key);
    return new Aead() {
      @Override
      public byte[] encrypt(byte[] nonce, byte[] associatedData, byte[] plaintext) {
        try {
          return run(true, nonce, associatedData, plaintext, 0);
        } catch (InvalidCipherTextException e) {
          throw new IllegalStateException("encryption failed", e);
        }
      }

      @Override
      public byte[] decrypt(byte[] nonce, byte[] associatedData, byte[] sealed, int offset)
          throws GeneralSecurityException {
        try {
          return run(false, nonce, associatedData, sealed, offset);
        } catch (InvalidCipherTextException refused) {
          throw new GeneralSecurityException(refused);
        }
      }

      private byte[] run(
          boolean encrypt, byte[] nonce, byte[] associatedData, byte[] in, int offset)
          throws InvalidCipherTextException {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(encrypt, new AEADParameters(parameter, TAG_BITS, nonce, associatedData));
        byte[] out = new byte[cipher.getOutputSize(in.length - offset)];
        int n = cipher.processBytes(in, offset, in.length - offset, out, 0);
        n += cipher.doFinal(out, n);
        return n == out.length ? out : Arrays.copyOf(out, n);
      }
    };
  }
}
