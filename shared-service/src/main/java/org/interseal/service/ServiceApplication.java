package org.interseal.service;

import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** How a service starts, alone or as one of several contexts of a process. */
public final class ServiceApplication {
  private ServiceApplication() {}

  /**
   * A builder with the service's name, which is also the name of its configuration file ({@code
   * <service>.yaml} on the class path, in the working directory or in {@code config/}): services
   * share a class path in a local federation, so none may have an {@code application.yaml}.
   *
   * @param service for example {@code client-gateway}
   */
  public static SpringApplicationBuilder of(Class<?> application, String service) {
    return new SpringApplicationBuilder(application)
        .properties(Map.of("spring.application.name", service, "spring.config.name", service));
  }
}
