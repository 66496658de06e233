package org.interseal.gateway;

import java.util.List;
import org.interseal.protocol.http.RequestVerifier;
import org.interseal.protocol.http.SignatureForm;
import org.interseal.service.OperatorSecurityConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The HTTP side. Devices are authenticated by their signatures, per operation, not by a login. */
@Configuration(proxyBeanMethods = false)
@Import({
  BankController.class,
  MessageController.class,
  MailboxController.class,
  OpenApiController.class
})
class GatewayWebConfiguration {
  private static final long PREFLIGHT_SECONDS = 3_600;

  @Bean
  SecurityFilterChain publicInterface(HttpSecurity http, GatewayProperties properties)
      throws Exception {
    http.securityMatcher("/v1/**");
    OperatorSecurityConfiguration.stateless(http);
    // Whatever only serves logins is left out: every request passes all of these filters.
    http.anonymous(AbstractHttpConfigurer::disable)
        .securityContext(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .exceptionHandling(AbstractHttpConfigurer::disable);
    http.headers(headers ->
        headers
            .cacheControl(cache -> cache.disable()) // each operation says what may be kept
            .contentSecurityPolicy(
                csp -> csp.policyDirectives("default-src 'none'; frame-ancestors 'none'"))
            .referrerPolicy(referrer ->
                referrer.policy(
                    org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter
                        .ReferrerPolicy.NO_REFERRER)));
    http.cors(AbstractHttpConfigurer::disable);
    if (!properties.corsOrigins().isEmpty()) {
      CorsFilter cors = new CorsFilter(cors(properties.corsOrigins()));
      cors.setCorsProcessor(new ProblemCorsProcessor());
      http.addFilter(cors);
    }
    return http.build();
  }

  private static UrlBasedCorsConfigurationSource cors(List<String> origins) {
    CorsConfiguration configuration = new CorsConfiguration();
    configuration.setAllowedOrigins(origins);
    configuration.setAllowedMethods(List.of("GET", "POST"));
    configuration.setAllowedHeaders(
        List.of(
            "Content-Type",
            "If-None-Match",
            "Last-Event-ID",
            SignatureForm.CONTENT_DIGEST,
            SignatureForm.SIGNATURE_INPUT,
            SignatureForm.SIGNATURE,
            SignatureForm.KEY));
    configuration.setExposedHeaders(List.of("Date", "ETag", "Retry-After"));
    configuration.setAllowCredentials(false);
    configuration.setMaxAge(PREFLIGHT_SECONDS);
    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/v1/**", configuration);
    return source;
  }

  @Bean
  WebMvcConfigurer signedRequests(
      RequestVerifier verifier,
      GatewayMeters meters,
      Admission admission,
      EnvelopeMemory memory,
      GatewayProperties properties) {
    SignedRequests signed =
        new SignedRequests(
            verifier, meters, admission, memory, properties.bodyTimeout(), System::nanoTime);
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(signed);
      }

      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(signed);
      }
    };
  }
}
