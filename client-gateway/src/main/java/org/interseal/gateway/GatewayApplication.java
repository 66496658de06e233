package org.interseal.gateway;

import org.interseal.service.HeartbeatConfiguration;
import org.interseal.service.RowTagConfiguration;
import org.interseal.service.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The gateway as a process, or as one context among others. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  GatewayConfiguration.class,
  GatewayWebConfiguration.class,
  HeartbeatConfiguration.class,
  RowTagConfiguration.class
})
public class GatewayApplication {
  public static final String SERVICE = "client-gateway";

  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** For a context inside another process; configured by properties alone. */
  public static SpringApplicationBuilder builder() {
    return ServiceApplication.of(GatewayApplication.class, SERVICE);
  }
}
