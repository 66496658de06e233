package org.interseal.branch;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.interseal.service.ConfigurationRefused;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * The tellers of this branch and their BCrypt hashes. An unknown name costs the caller as much time
 * as a wrong password. What BCrypt accepted is remembered as a MAC under a key that lives as long
 * as this process, because a teller's program authenticates every call and BCrypt is slow on
 * purpose.
 */
final class TellerAccounts {
  static final String ROLE = "TELLER";

  /** Shortest password that may stand in a file in the clear. */
  static final int MIN_PLAIN_LENGTH = 12;

  private static final int COST = 10;
  private static final int MAX_PASSWORD_BYTES = 72; // BCrypt reads no more
  private static final int LOCKS = 16;
  private static final int MAX_TELLERS = 1_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,32}");
  private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");

  private final Map<String, String> hashes;
  private final String nobodysHash;
  private final SecretKeySpec macKey;
  private final Map<String, byte[]> accepted = new ConcurrentHashMap<>();
  private final Object[] locks = new Object[LOCKS];

  private TellerAccounts(Map<String, String> hashes, SecureRandom random) {
    this.hashes = Map.copyOf(hashes);
    Arrays.setAll(locks, _ -> new Object());
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.macKey = new SecretKeySpec(key, "HmacSHA256");
    this.nobodysHash = BCrypt.hashpw("nobody", BCrypt.gensalt(COST, random));
  }

  /** One teller; {@code secret} is the password or its hash. */
  static TellerAccounts single(String name, String secret, SecureRandom random) {
    requireName(name);
    if (HASH.matcher(secret).matches()) {
      return new TellerAccounts(Map.of(name, secret), random);
    }
    if (secret.length() < MIN_PLAIN_LENGTH) {
      throw new ConfigurationRefused(
          "interseal.teller.password-file holds a password shorter than "
              + MIN_PLAIN_LENGTH
              + " characters",
          "Use a longer one; a password manager's random one is best.");
    }
    return new TellerAccounts(
        Map.of(name, BCrypt.hashpw(secret, BCrypt.gensalt(COST, random))), random);
  }

  /** The lines of a users file. */
  static TellerAccounts of(List<String> lines, SecureRandom random) {
    Map<String, String> hashes = new HashMap<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      String hash = line.substring(colon + 1).strip();
      if (colon < 1 || !HASH.matcher(hash).matches()) {
        throw new ConfigurationRefused(
            "interseal.teller.users-file: line " + number + " is not name:hash",
            "Use BCrypt hashes ($2…).");
      }
      requireName(line.substring(0, colon));
      if (hashes.put(line.substring(0, colon), hash) != null || hashes.size() > MAX_TELLERS) {
        throw new ConfigurationRefused(
            "interseal.teller.users-file: line "
                + number
                + " names a teller twice, or there are too many",
            "Keep one line for each of at most " + MAX_TELLERS + " tellers.");
      }
    }
    return new TellerAccounts(hashes, random);
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigurationRefused(
          "a teller's name is not usable", "Use 1 to 32 characters of A-Z a-z 0-9 _ . and -.");
    }
  }

  /** Gives a teller the role TELLER; anything else is an exception without detail. */
  Authentication authenticate(Authentication presented) {
    if (presented.getCredentials() instanceof String password
        && accepts(presented.getName(), password)) {
      return UsernamePasswordAuthenticationToken.authenticated(
          presented.getName(), null, List.of(new SimpleGrantedAuthority("ROLE_" + ROLE)));
    }
    throw new BadCredentialsException("refused");
  }

  private boolean accepts(String name, String password) {
    if (password.getBytes(StandardCharsets.UTF_8).length > MAX_PASSWORD_BYTES) {
      return false;
    }
    byte[] mac = mac(name + "\0" + password);
    if (isRemembered(name, mac)) {
      return true;
    }
    // A program's first calls come all at once: one of them pays for BCrypt, the others find it
    // remembered.
    synchronized (locks[Math.floorMod(name.hashCode(), locks.length)]) {
      return isRemembered(name, mac) || isHashed(name, password, mac);
    }
  }

  private boolean isRemembered(String name, byte[] mac) {
    byte @Nullable [] remembered = accepted.get(name);
    return remembered != null && MessageDigest.isEqual(remembered, mac);
  }

  private boolean isHashed(String name, String password, byte[] mac) {
    String hash = hashes.get(name);
    boolean right = BCrypt.checkpw(password, hash == null ? nobodysHash : hash) && hash != null;
    if (right) {
      accepted.put(name, mac);
    }
    return right;
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(macKey);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
