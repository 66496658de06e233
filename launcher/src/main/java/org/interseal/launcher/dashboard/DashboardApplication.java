package org.interseal.launcher.dashboard;

import de.codecentric.boot.admin.server.config.EnableAdminServer;
import org.interseal.service.OperatorAuthentication;
import org.interseal.service.ServiceApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * The operators' dashboard. Everything on it, registration included, is behind the operators' name
 * and password; it reaches the services' actuators with the credentials that each registration
 * carries.
 */
@SpringBootApplication
@EnableAdminServer
public class DashboardApplication {
  /** Starts it alone. */
  public static void main(String[] args) {
    ServiceApplication.of(DashboardApplication.class, "dashboard").run(args);
  }

  @Bean
  SecurityFilterChain dashboardSecurity(HttpSecurity http, OperatorAuthentication operators)
      throws Exception {
    PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
    http.authenticationManager(operators)
        .httpBasic(Customizer.withDefaults())
        .csrf(csrf ->
            csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler())
                .ignoringRequestMatchers(
                    paths.matcher(HttpMethod.POST, "/instances"),
                    paths.matcher(HttpMethod.DELETE, "/instances/*")))
        .authorizeHttpRequests(all -> all.anyRequest().hasRole("OPERATOR"));
    return http.build();
  }
}
