package org.interseal.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Defaults of every service, below all other configuration, and the refusal of secrets given as
 * properties: arguments and environments are visible to other processes and end up in logs.
 */
final class ServiceDefaults implements EnvironmentPostProcessor {
  static final String SOURCE = "intersealDefaults";

  private static final List<String> SECRETS =
      List.of(
          "interseal.vault.passphrase",
          "interseal.vault.password",
          "interseal.operator.password",
          "spring.security.user.password");

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    for (String secret : SECRETS) {
      if (environment.containsProperty(secret)) {
        throw new ConfigurationRefused(
            secret + " is set as a property",
            "Put the secret into a file of its own and set " + secret + "-file.");
      }
    }
    if (!environment.getPropertySources().contains(SOURCE)) {
      environment.getPropertySources().addLast(new MapPropertySource(SOURCE, defaults()));
    }
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> d = new LinkedHashMap<>();
    d.put("spring.main.banner-mode", "off");
    d.put("spring.jmx.enabled", "false");
    d.put("spring.threads.virtual.enabled", "true");
    d.put("spring.lifecycle.timeout-per-shutdown-phase", "10s");
    d.put("spring.servlet.multipart.enabled", "false");
    d.put("spring.web.resources.add-mappings", "false");
    d.put("spring.mvc.formcontent.filter.enabled", "false");
    d.put(
        "spring.autoconfigure.exclude",
        "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration");
    // The store is the embedded one, unless somebody says otherwise.
    d.put("rethinkdb.enabled", "false");
    d.put("server.shutdown", "graceful");
    d.put("server.max-http-request-header-size", "16KB");
    d.put("server.tomcat.max-swallow-size", "1MB");
    d.put("server.tomcat.max-http-form-post-size", "64KB");
    d.put("server.tomcat.accept-count", "256");
    // A pause in the middle of a request, or of an answer that nobody reads.
    d.put("server.tomcat.connection-timeout", "10s");
    d.put("server.tomcat.keep-alive-timeout", "20s");
    d.put("server.tomcat.max-connections", "8192");
    d.put("server.server-header", "");
    d.put("logging.structured.format.console", "ecs");
    d.put("logging.register-shutdown-hook", "false");
    management(d);
    return d;
  }

  private static void management(Map<String, Object> d) {
    // Never on the customers' port: 0 picks a free one, and the loopback address is the only
    // default.
    d.put("management.server.port", "0");
    d.put("management.server.address", "127.0.0.1");
    d.put("management.endpoints.jmx.exposure.exclude", "*");
    d.put("management.endpoints.web.exposure.include", "*");
    d.put("management.endpoints.web.exposure.exclude", "heapdump,env,configprops,shutdown,logfile");
    d.put("management.endpoint.health.show-details", "when-authorized");
    d.put("management.endpoint.health.roles", OperatorSecurityConfiguration.ROLE);
    d.put("management.endpoint.health.validate-group-membership", "false");
    d.put("management.endpoint.health.group.live.include", "livenessState");
    d.put("management.endpoint.health.group.live.show-details", "never");
    d.put("management.endpoint.health.group.live.show-components", "never");
    d.put("management.endpoint.health.group.ready.include", "*");
    d.put("management.endpoint.health.group.ready.exclude", "livenessState,diskSpace,ssl,ping");
    d.put("management.endpoint.health.group.ready.show-details", "when-authorized");
    d.put("management.endpoint.health.group.ready.show-components", "when-authorized");
    d.put("management.endpoint.health.group.ready.roles", OperatorSecurityConfiguration.ROLE);
    d.put("management.health.livenessstate.enabled", "true");
    d.put("management.health.readinessstate.enabled", "true");
    d.put("management.endpoint.prometheus.access", "read-only");
    // At DEBUG, web servers print what they are sent: nobody turns that on from afar.
    d.put("management.endpoint.loggers.access", "read-only");
  }
}
