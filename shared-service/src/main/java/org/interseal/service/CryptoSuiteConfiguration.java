package org.interseal.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.interseal.crypto.SuiteInUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Shows operators which providers carry the cryptography: in {@code /actuator/info}, as a metric,
 * and as a warning in the log where a native library is not used.
 */
@AutoConfiguration
public class CryptoSuiteConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(CryptoSuiteConfiguration.class);
  private static final String METRIC = "interseal.crypto.suite";

  @Bean
  InfoContributor cryptoSuiteInfo() {
    SuiteInUse suite = SuiteInUse.current();
    if (suite.fallback()) {
      LOG.warn(
          "cryptography runs in pure Java, with the same results but more slowly: signatures by {}, HPKE by {}",
          suite.signatures(),
          suite.hpke());
    }
    return info ->
        info.withDetail(
            "crypto",
            Map.of(
                "signatures", suite.signatures(),
                "hpke", suite.hpke(),
                "aesGcm", suite.aesGcm(),
                "fallback", suite.fallback()));
  }

  /** Always 1: what counts is in the tags. */
  @Bean
  MeterBinder cryptoSuiteMeter() {
    SuiteInUse suite = SuiteInUse.current();
    return registry ->
        Gauge.builder(METRIC, () -> 1)
            .tag("signatures", suite.signatures())
            .tag("hpke", suite.hpke())
            .tag("aes", suite.aesGcm())
            .tag("fallback", Boolean.toString(suite.fallback()))
            .description("Who carries signatures, HPKE and AES-GCM")
            .register(registry);
  }
}
