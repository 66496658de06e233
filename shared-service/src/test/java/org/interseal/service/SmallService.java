package org.interseal.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.interseal.store.Store;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The smallest service there can be, with an open path and one for operators. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(SmallService.Paths.class)
class SmallService {
  static final String PASSWORD = "correct horse battery";

  SmallService(@Qualifier("sharedStore") Store shared, @Qualifier("bankStore") Store bank) {
    if (shared.equals(bank)) {
      throw new IllegalArgumentException("two stores are needed");
    }
  }

  @Bean
  SecurityFilterChain open(HttpSecurity http) throws Exception {
    http.securityMatcher("/open/**");
    OperatorSecurityConfiguration.stateless(http);
    http.authorizeHttpRequests(all -> all.anyRequest().permitAll());
    return http.build();
  }

  @RestController
  static class Paths {
    @GetMapping("/open/number")
    int number(@RequestParam int value) {
      return value;
    }

    @GetMapping("/open/bug")
    String bug() {
      throw new IllegalStateException("secret detail");
    }

    @GetMapping("/open/busy")
    String busy() {
      throw new ProblemException(CommonProblem.UNAVAILABLE, "Busy.", Duration.ofMillis(1200));
    }

    @GetMapping("/operator/hello")
    String hello() {
      return "hello";
    }
  }

  static ConfigurableApplicationContext start(Path directory, String... more) throws IOException {
    return start(directory, List.of(), more);
  }

  /**
   * @param arguments of the command line, which count before every default
   */
  static ConfigurableApplicationContext start(
      Path directory, List<String> arguments, String... more) throws IOException {
    Map<String, Object> properties = new HashMap<>();
    properties.put("server.port", "0");
    properties.put("interseal.store.directory", directory.resolve("store").toString());
    properties.put("interseal.bank", "BKABXX00");
    properties.put("interseal.node", "small-1");
    properties.put(
        "interseal.operator.password-file", secret(directory, "operator", PASSWORD).toString());
    for (String argument : more) {
      String[] pair = argument.split("=", 2);
      properties.put(pair[0], pair[1]);
    }
    return ServiceApplication.of(SmallService.class, "small-service")
        .properties(properties)
        .run(arguments.toArray(String[]::new));
  }

  static Path secret(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content + "\n");
  }
}
