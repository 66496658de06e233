package org.interseal.service;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Actuator and {@code /operator/**} are for the role OPERATOR, by HTTP Basic; only health without
 * details is for everybody. A service adds chains for its own paths, each with a {@code
 * securityMatcher}; one that adds none has no open path.
 */
@AutoConfiguration(
    before = ServletWebSecurityAutoConfiguration.class,
    after = IntersealServiceConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class OperatorSecurityConfiguration {
  /** Without the prefix {@code ROLE_}. */
  public static final String ROLE = "OPERATOR";

  /** Where a service puts what operators may do beyond actuator. */
  public static final String OPERATOR_PATHS = "/operator/**";

  // Declared before the chains below, so that it only stands where a service has no chain of its
  // own.
  @Bean
  @Order(1_000_000)
  @ConditionalOnMissingBean(SecurityFilterChain.class)
  SecurityFilterChain nothingElseIsOpen(HttpSecurity http) throws Exception {
    stateless(http);
    http.authorizeHttpRequests(
        all -> all.requestMatchers("/error").permitAll().anyRequest().denyAll());
    return http.build();
  }

  @Bean
  @ConditionalOnMissingBean
  OperatorAuthentication operatorAuthentication(
      IntersealProperties properties, SecureRandom random) {
    Optional<OperatorPassword> password =
        Optional.ofNullable(properties.operator().passwordFile())
            .map(file -> {
              char[] content = SecretFile.read("interseal.operator.password-file", file);
              try {
                return new OperatorPassword(content, random);
              } finally {
                Arrays.fill(content, '\0');
              }
            });
    return new OperatorAuthentication(properties.operator().name(), password);
  }

  @Bean
  @Order(1)
  SecurityFilterChain actuatorSecurity(HttpSecurity http, OperatorAuthentication operators)
      throws Exception {
    http.securityMatcher(EndpointRequest.toAnyEndpoint());
    basic(http, operators);
    http.authorizeHttpRequests(all ->
        all.requestMatchers(EndpointRequest.to("health")).permitAll().anyRequest().hasRole(ROLE));
    return http.build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain operatorSecurity(HttpSecurity http, OperatorAuthentication operators)
      throws Exception {
    http.securityMatcher(OPERATOR_PATHS);
    basic(http, operators);
    http.authorizeHttpRequests(all -> all.anyRequest().hasRole(ROLE));
    return http.build();
  }

  private static void basic(HttpSecurity http, OperatorAuthentication operators) throws Exception {
    stateless(http);
    http.authenticationManager(operators);
    http.httpBasic(basic -> basic.authenticationEntryPoint(askForCredentials()));
  }

  /** Common to all chains: no session, no login page, problems instead of pages. */
  public static void stateless(HttpSecurity http) throws Exception {
    http.csrf(AbstractHttpConfigurer::disable) // nothing here is authenticated by a cookie
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(errors ->
            errors.authenticationEntryPoint(askForCredentials()).accessDeniedHandler(refuse()));
  }

  private static AuthenticationEntryPoint askForCredentials() {
    return (request, response, e) -> {
      response.setHeader(
          HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"interseal\", charset=\"UTF-8\"");
      ProblemWriter.write(
          response, CommonProblem.NOT_AUTHENTICATED, "Name and password are needed.");
    };
  }

  private static AccessDeniedHandler refuse() {
    return (request, response, e) ->
        ProblemWriter.write(
            response, CommonProblem.NOT_ALLOWED, "This account has no right to do that.");
  }
}
