package org.interseal.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.SecretFile;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/**
 * Who may decide for the authority. Passwords are compared as BCrypt hashes, at the same cost for
 * unknown names.
 */
final class Officers {
  /** Without the prefix {@code ROLE_}. */
  static final String ROLE = "OFFICER";

  /** Shortest password in the clear, in characters. */
  private static final int MIN_PASSWORD_LENGTH = 12;

  /** BCrypt reads no more. */
  private static final int MAX_PASSWORD_LENGTH = 72;

  private static final int MAX_OFFICERS = 1_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HASH = Pattern.compile("\\$2[aby]?\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");

  private Officers() {}

  /**
   * Reads the configured accounts; without any, nobody can decide, and the service says so at
   * start.
   */
  static ProviderManager authentication(RegistryProperties.Officer configured) {
    BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder();
    List<UserDetails> officers = new ArrayList<>();
    Path passwordFile = configured.passwordFile();
    if (passwordFile != null) {
      officers.add(officer(configured.name(), passwordHash(passwordFile, bcrypt)));
    }
    Path file = configured.file();
    if (file != null) {
      officers.addAll(read(file));
    }
    if (officers.isEmpty()) {
      throw new ConfigurationRefused(
          "no officer is configured",
          "Set interseal.officer.name and interseal.officer.password-file, or interseal.officer.file.");
    }
    DaoAuthenticationProvider provider =
        new DaoAuthenticationProvider(new InMemoryUserDetailsManager(officers));
    provider.setPasswordEncoder(bcrypt);
    return new ProviderManager(provider);
  }

  private static String passwordHash(Path file, BCryptPasswordEncoder bcrypt) {
    char[] content = SecretFile.read("interseal.officer.password-file", file);
    try {
      String secret = new String(content);
      if (HASH.matcher(secret).matches()) {
        return secret;
      }
      if (secret.length() < MIN_PASSWORD_LENGTH || secret.length() > MAX_PASSWORD_LENGTH) {
        throw new ConfigurationRefused(
            "interseal.officer.password-file does not hold a password of 12 to 72 characters",
            "Use a password manager's random one.");
      }
      return java.util.Objects.requireNonNull(bcrypt.encode(secret));
    } finally {
      Arrays.fill(content, '\0');
    }
  }

  private static List<UserDetails> read(Path file) {
    SecretFile.requireOwnerOnly("interseal.officer.file", file);
    List<UserDetails> officers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int colon = line.indexOf(':');
        String hash = line.substring(colon + 1).strip();
        if (colon < 1 || !HASH.matcher(hash).matches() || officers.size() == MAX_OFFICERS) {
          throw new ConfigurationRefused(
              "interseal.officer.file has a line that is not name:BCrypt hash, or too many",
              "Make hashes with for example: htpasswd -nbBC 10 NAME PASSWORD");
        }
        officers.add(officer(line.substring(0, colon), hash));
      }
    } catch (IOException e) {
      throw new ConfigurationRefused(
          "interseal.officer.file cannot be read", "Let the user of this process own the file.");
    }
    return officers;
  }

  private static UserDetails officer(String name, String hash) {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigurationRefused(
          "an officer's name is not 1 to 64 characters of A-Z a-z 0-9 . _ -", "Correct the name.");
    }
    return User.withUsername(name).password(hash).roles(ROLE).build();
  }
}
