package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.interseal.rethinkdb.AuthenticationRefused;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real server, fresh and without databases. */
@Timeout(120)
class AdminPasswordIT {
  @Test
  void adminNeedsThePasswordThatItWasGivenLast(@TempDir Path directory) throws StoreUnavailable {
    try (Federation federation = Federation.startOrSkip(directory)) {
      NewPassword first = federation.newPassword();
      federation.users.protectAdmin(first);
      assertRefused(federation, Password.empty());
      assertThat(federation.users.list()).singleElement().matches(UserRights::hasPassword);

      NewPassword second = federation.newPassword();
      try (ConnectionPool pool = federation.connections("admin", first.password())) {
        federation.usersAs(new RethinkDbTemplate(pool)).protectAdmin(second);
      }
      assertRefused(federation, first.password());
      try (ConnectionPool pool = federation.connections("admin", second.password())) {
        assertThat(federation.usersAs(new RethinkDbTemplate(pool)).list()).hasSize(1);
      }
    }
  }

  private static void assertRefused(Federation federation, Password password) {
    try (ConnectionPool pool = federation.connections("admin", password)) {
      assertThatThrownBy(() -> new RethinkDbTemplate(pool).serverTime())
          .isInstanceOf(AuthenticationRefused.class);
    }
  }
}
