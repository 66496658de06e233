package org.interseal.registry;

import java.nio.file.Path;
import java.time.Duration;
import org.interseal.service.ConfigurationRefused;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Configuration of the authority, beside what every service reads. */
@ConfigurationProperties("interseal")
record RegistryProperties(
    @DefaultValue Authority authority,
    @DefaultValue Licence licence,
    @DefaultValue Officer officer) {

  /**
   * The authority itself.
   *
   * @param journal file of decisions; by default {@code journal.jsonl} beside the root certificate
   * @param create whether a missing root key and certificate are made at start
   * @param name the name in a root certificate that is made
   * @param validity of a root certificate that is made
   */
  record Authority(
      @Nullable Path journal,
      @DefaultValue("false") boolean create,
      @DefaultValue("Interseal Authority") String name,
      @DefaultValue("7300d") Duration validity) {}

  /**
   * Licences.
   *
   * @param validity of a licence and its certificate
   */
  record Licence(@DefaultValue("730d") Duration validity) {
    Licence {
      if (validity.isNegative() || validity.isZero()) {
        throw new ConfigurationRefused(
            "interseal.licence.validity is not positive", "Use for example 730d.");
      }
    }
  }

  /**
   * Who may decide.
   *
   * @param name of the one officer, with {@code passwordFile}
   * @param passwordFile the password on the first line, or its BCrypt hash
   * @param file further officers, a line {@code name:BCrypt hash} each
   */
  record Officer(
      @DefaultValue("officer") String name, @Nullable Path passwordFile, @Nullable Path file) {}
}
