package org.interseal.bank;

import org.interseal.bank.operations.OperationsConfiguration;
import org.interseal.service.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** A bank's processing server as a process, or as one context among others. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({BankServerConfiguration.class, OperationsConfiguration.class})
public class BankServerApplication {
  public static final String SERVICE = "bank-server";

  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** For a context inside another process; configured by properties alone. */
  public static SpringApplicationBuilder builder() {
    return ServiceApplication.of(BankServerApplication.class, SERVICE);
  }
}
