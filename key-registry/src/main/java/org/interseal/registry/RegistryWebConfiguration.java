package org.interseal.registry;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.service.CommonProblem;
import org.interseal.service.OperatorSecurityConfiguration;
import org.interseal.service.ProblemWriter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The authority's REST interface: who may call what, how large requests may be, how JSON is read.
 */
@Configuration(proxyBeanMethods = false)
@Import({ApplicationController.class, BankController.class, OfficerController.class})
class RegistryWebConfiguration {
  /** Largest request body, in bytes. */
  static final long MAX_BODY_BYTES = 32 * 1024;

  /** Requests are read as strictly as everything else. */
  @Bean
  JsonMapper jsonMapper() {
    return ProtocolJson.mapper()
        .rebuild()
        .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
        .build();
  }

  @Bean
  @Order(10)
  SecurityFilterChain registrySecurity(HttpSecurity http, RegistryProperties properties)
      throws Exception {
    http.securityMatcher("/v1/**");
    OperatorSecurityConfiguration.stateless(http);
    http.authenticationManager(Officers.authentication(properties.officer()));
    http.httpBasic(basic -> {});
    http.authorizeHttpRequests(all ->
        all.requestMatchers(HttpMethod.POST, "/v1/applications", "/v1/applications/*/proof")
            .permitAll()
            .requestMatchers(
                HttpMethod.GET,
                "/v1/root",
                "/v1/banks",
                "/v1/banks/*",
                "/v1/banks/*/records",
                "/v1/applications/*")
            .permitAll()
            .anyRequest()
            .hasRole(Officers.ROLE));
    return http.build();
  }

  @Bean
  @Order(1_000_000)
  SecurityFilterChain registryOtherwise(HttpSecurity http) throws Exception {
    OperatorSecurityConfiguration.stateless(http);
    http.authorizeHttpRequests(
        all -> all.requestMatchers("/error").permitAll().anyRequest().denyAll());
    return http.build();
  }

  @Bean
  FilterRegistrationBean<OncePerRequestFilter> requestSizeLimit() {
    FilterRegistrationBean<OncePerRequestFilter> filter =
        new FilterRegistrationBean<>(new RequestSizeLimit());
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    filter.addUrlPatterns("/v1/*");
    return filter;
  }

  /** Wants to know the length before reading, so that nobody makes us collect a large body. */
  private static final class RequestSizeLimit extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      boolean chunked = request.getHeader("Transfer-Encoding") != null;
      if (chunked || request.getContentLengthLong() > MAX_BODY_BYTES) {
        ProblemWriter.write(
            response, CommonProblem.TOO_LARGE, "At most 32 KiB, with a Content-Length.");
        return;
      }
      chain.doFilter(request, response);
    }
  }
}
