package org.interseal.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The configuration that every service reads. Which parts must be there depends on the service: the
 * {@code require…} methods say what is missing when something asks for it.
 *
 * @param store where the store is
 * @param bank this process's bank; all but the registry have one
 * @param node the name of this server, gateway or branch, {@code [A-Za-z0-9_-]{1,64}}
 * @param vault this process's private keys
 * @param rootCertificate file with the authority's root certificate, DER
 * @param operator who may use actuator and operator endpoints
 */
@ConfigurationProperties("interseal")
public record IntersealProperties(
    @DefaultValue StoreLocation store,
    @Nullable BankId bank,
    @Nullable String node,
    @DefaultValue Vault vault,
    @Nullable Path rootCertificate,
    @DefaultValue Operator operator) {
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public IntersealProperties {
    if (node != null && !NODE.matcher(node).matches()) {
      throw new ConfigurationRefused(
          "interseal.node is not a node name", "Use 1 to 64 characters of A-Z a-z 0-9 _ and -.");
    }
  }

  /**
   * Where the store is: embedded, or on the cluster that {@code rethinkdb.*} describes.
   *
   * @param directory of the embedded store; holds {@code shared.db} and {@code bank-<BIC>.db}
   * @param sharedDatabase of RethinkDB, what members share
   * @param bankDatabase of RethinkDB, the bank's own; {@code bank_<bic>} where absent
   * @param maxClockSkew more than the clocks of the cluster's nodes are ever apart
   */
  public record StoreLocation(
      @Nullable Path directory,
      @DefaultValue("interseal") String sharedDatabase,
      @Nullable String bankDatabase,
      @DefaultValue("1s") Duration maxClockSkew) {}

  /**
   * The key vault.
   *
   * @param file PKCS#12
   * @param passphraseFile its passphrase on the first line, readable by its owner only
   */
  public record Vault(@Nullable Path file, @Nullable Path passphraseFile) {}

  /**
   * The operators' account.
   *
   * @param name user name
   * @param passwordFile the password on the first line, or its BCrypt hash; readable by its owner
   *     only
   */
  public record Operator(@DefaultValue("operator") String name, @Nullable Path passwordFile) {}

  public BankId requireBank() {
    return require("interseal.bank", bank, "the BIC of the bank that this process belongs to");
  }

  public String requireNode() {
    return require("interseal.node", node, "the name of this node, unique within its bank");
  }

  public Path requireStoreDirectory() {
    return require(
        "interseal.store.directory", store.directory(), "the directory of the embedded store");
  }

  /** The bank's own database on RethinkDB. */
  public String bankDatabase() {
    String configured = store.bankDatabase();
    return configured == null || configured.isEmpty()
        ? "bank_" + requireBank().value().toLowerCase(java.util.Locale.ROOT)
        : configured;
  }

  public Path requireRootCertificate() {
    return require(
        "interseal.root-certificate",
        rootCertificate,
        "the file of the authority's root certificate");
  }

  public Path requireVaultFile() {
    return require(
        "interseal.vault.file", vault.file(), "the PKCS#12 file with this process's keys");
  }

  public Path requirePassphraseFile() {
    return require(
        "interseal.vault.passphrase-file", vault.passphraseFile(), "a file with the passphrase");
  }

  private static <T> T require(String property, @Nullable T value, String meaning) {
    if (value == null || value.toString().isEmpty()) {
      throw new ConfigurationRefused(
          property + " is not set", "Set " + property + " to " + meaning + ".");
    }
    return value;
  }
}
