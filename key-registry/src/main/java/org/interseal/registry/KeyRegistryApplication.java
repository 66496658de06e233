package org.interseal.registry;

import org.interseal.service.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The authority's process; also a context inside another process. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({RegistryConfiguration.class, RegistryWebConfiguration.class})
public class KeyRegistryApplication {
  /** Name of the service and of its configuration file. */
  public static final String SERVICE = "key-registry";

  public static void main(String[] arguments) {
    ServiceApplication.of(KeyRegistryApplication.class, SERVICE).run(arguments);
  }
}
