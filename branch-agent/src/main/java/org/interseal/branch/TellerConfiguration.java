package org.interseal.branch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.OperatorSecurityConfiguration;
import org.interseal.service.SecretFile;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** The tellers' interface and who may use it. */
@Configuration(proxyBeanMethods = false)
class TellerConfiguration {
  @Bean
  TellerAccounts tellerAccounts(TellerProperties tellers, SecureRandom random) throws IOException {
    Path users = tellers.usersFile();
    if (users != null) {
      SecretFile.requireOwnerOnly("interseal.teller.users-file", users);
      return TellerAccounts.of(Files.readAllLines(users), random);
    }
    String name = tellers.name();
    Path passwordFile = tellers.passwordFile();
    if (name == null || passwordFile == null) {
      throw new ConfigurationRefused(
          "no teller is configured",
          "Set interseal.teller.users-file, or interseal.teller.name and interseal.teller.password-file.");
    }
    char[] secret = SecretFile.read("interseal.teller.password-file", passwordFile);
    try {
      return TellerAccounts.single(name, new String(secret), random);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  @Bean
  @Order(10)
  SecurityFilterChain tellerSecurity(HttpSecurity http, TellerAccounts tellers) throws Exception {
    http.securityMatcher("/**");
    OperatorSecurityConfiguration.stateless(http);
    http.authenticationManager(tellers::authenticate);
    http.httpBasic(basic -> basic.authenticationEntryPoint(TellerConfiguration::askForCredentials));
    http.authorizeHttpRequests(all ->
        all.requestMatchers("/v1/**")
            .hasRole(TellerAccounts.ROLE)
            .requestMatchers("/error")
            .permitAll()
            .anyRequest()
            .denyAll());
    return http.build();
  }

  private static void askForCredentials(
      jakarta.servlet.http.HttpServletRequest request,
      jakarta.servlet.http.HttpServletResponse response,
      org.springframework.security.core.AuthenticationException e)
      throws IOException {
    response.setHeader("WWW-Authenticate", "Basic realm=\"interseal branch\", charset=\"UTF-8\"");
    org.interseal.service.ProblemWriter.write(
        response,
        org.interseal.service.CommonProblem.NOT_AUTHENTICATED,
        "A teller's name and password are needed.");
  }

  @Bean
  TellerDesk tellerDesk(BranchDesk desk, BranchProperties properties) {
    return new TellerDesk(desk, properties.answerWait());
  }

  @Bean
  AccountsController accountsController(TellerDesk desk) {
    return new AccountsController(desk);
  }

  @Bean
  OpenApiController openApiController() throws IOException {
    return new OpenApiController();
  }

  @Bean
  RequestsController requestsController(TellerDesk desk) {
    return new RequestsController(desk);
  }
}
