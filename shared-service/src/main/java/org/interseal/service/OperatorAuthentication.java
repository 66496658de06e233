package org.interseal.service;

import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Knows one account, the operators', and gives it {@code ROLE_OPERATOR}. Without a password it
 * knows none.
 */
public final class OperatorAuthentication implements AuthenticationManager {
  private final String name;
  private final Optional<OperatorPassword> password;

  OperatorAuthentication(String name, Optional<OperatorPassword> password) {
    this.name = name;
    this.password = password;
  }

  @Override
  public Authentication authenticate(Authentication presented) {
    Object credentials = presented.getCredentials();
    if (password.isPresent()
        && credentials instanceof String secret
        && name.equals(presented.getName())
        && password.get().accepts(secret)) {
      return UsernamePasswordAuthenticationToken.authenticated(
          name,
          null,
          List.of(new SimpleGrantedAuthority("ROLE_" + OperatorSecurityConfiguration.ROLE)));
    }
    throw new BadCredentialsException("refused");
  }
}
