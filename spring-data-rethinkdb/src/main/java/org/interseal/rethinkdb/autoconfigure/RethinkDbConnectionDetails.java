package org.interseal.rethinkdb.autoconfigure;

import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.TlsContext;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where the servers are and who we are: from the properties, or from a container. */
public interface RethinkDbConnectionDetails extends ConnectionDetails {
  List<ServerAddress> servers();

  default String user() {
    return "admin";
  }

  default Password password() {
    return Password.empty();
  }

  default Optional<TlsContext> tls() {
    return Optional.empty();
  }
}
