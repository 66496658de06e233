package org.interseal.branch;

import org.interseal.service.HeartbeatConfiguration;
import org.interseal.service.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * The process of one branch. Several may run as contexts of one JVM; {@link BranchDesk} is a bean
 * of each.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties({BranchProperties.class, TellerProperties.class})
@Import({BranchConfiguration.class, TellerConfiguration.class, HeartbeatConfiguration.class})
public class BranchAgentApplication {
  /** A builder to add properties to and to run; see docs/operating/branch.md. */
  public static SpringApplicationBuilder builder() {
    return ServiceApplication.of(BranchAgentApplication.class, "branch-agent");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
