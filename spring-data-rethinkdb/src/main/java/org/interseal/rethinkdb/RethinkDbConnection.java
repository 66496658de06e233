package org.interseal.rethinkdb;

import com.rethinkdb.ast.Query;
import com.rethinkdb.ast.ReqlAst;
import com.rethinkdb.model.OptArgs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A logged-in connection, used by one thread at a time. After any failure of the connection itself
 * it is {@link #broken()} and good for nothing.
 */
final class RethinkDbConnection implements AutoCloseable {
  private static final int VERSION_1_0 = 0x34c2bdc3;
  private static final int NONCE_BYTES = 18;
  private static final int FIRST_AUTHENTICATION_ERROR = 10;
  private static final int LAST_AUTHENTICATION_ERROR = 20;

  private final ServerAddress server;
  private final Socket socket;
  private final Wire wire;
  private final Lifetime lifetime;
  private final Deadlines deadlines;
  private long lastToken;
  private long bytesRead;
  private volatile boolean broken;
  private long idleSinceNanos;

  private RethinkDbConnection(
      ServerAddress server, Socket socket, Wire wire, Lifetime lifetime, Deadlines deadlines) {
    this.server = server;
    this.socket = socket;
    this.wire = wire;
    this.lifetime = lifetime;
    this.deadlines = deadlines;
  }

  /** Connects to the first of the server's network addresses that lets us in. */
  static RethinkDbConnection open(
      ServerAddress server,
      ConnectionSettings settings,
      Lifetime lifetime,
      Deadlines deadlines,
      SecureRandom random)
      throws IOException {
    @Nullable IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(server.host())) {
      try {
        return open(
            new InetSocketAddress(address, server.port()),
            server,
            settings,
            lifetime,
            deadlines,
            random);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException(server.host() + " has no address") : failure;
  }

  private static RethinkDbConnection open(
      InetSocketAddress address,
      ServerAddress server,
      ConnectionSettings settings,
      Lifetime lifetime,
      Deadlines deadlines,
      SecureRandom random)
      throws IOException {
    Socket socket = new Socket();
    lifetime.adopt(socket);
    boolean loggedIn = false;
    Expiry expiry = new Expiry(settings.connectTimeout(), socket, lifetime, deadlines);
    try (expiry) {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(address);
      Wire wire =
          new Wire(
              settings.tls().isPresent() ? settings.tls().get().handshake(socket, server) : socket);
      logIn(wire, settings, random);
      loggedIn = !expiry.expired();
      if (!loggedIn) {
        throw new IOException("too late");
      }
      return new RethinkDbConnection(server, socket, wire, lifetime, deadlines);
    } catch (IOException e) {
      throw expiry.explain(e);
    } finally {
      if (!loggedIn) {
        lifetime.close(socket);
      }
    }
  }

  private static void logIn(Wire wire, ConnectionSettings settings, SecureRandom random)
      throws IOException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var scram =
        new ScramClient(
            settings.user(), settings.password(), Base64.getEncoder().encodeToString(nonce));
    wire.writeInt(VERSION_1_0);
    wire.writeText(
        ServerResponse.writeObject(
            Map.of(
                "protocol_version",
                0,
                "authentication_method",
                "SCRAM-SHA-256",
                "authentication",
                scram.firstMessage())));
    readLogInAnswer(wire);
    String challenge = authentication(readLogInAnswer(wire));
    wire.writeText(
        ServerResponse.writeObject(Map.of("authentication", scram.finalMessage(challenge))));
    scram.verify(authentication(readLogInAnswer(wire)));
  }

  private static Map<String, @Nullable Object> readLogInAnswer(Wire wire) throws IOException {
    String text = wire.readText();
    if (!text.startsWith("{")) {
      throw new IOException("not a RethinkDB server of version 2.3 or later: " + text.strip());
    }
    var answer = ServerResponse.readObject(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    if (Boolean.TRUE.equals(answer.get("success"))) {
      return answer;
    }
    String error = String.valueOf(answer.get("error"));
    if (answer.get("error_code") instanceof Long code
        && code >= FIRST_AUTHENTICATION_ERROR
        && code <= LAST_AUTHENTICATION_ERROR) {
      throw new AuthenticationRefused(error, null);
    }
    throw new IOException("the server refused the log-in: " + error);
  }

  private static String authentication(Map<String, @Nullable Object> answer) throws IOException {
    if (answer.get("authentication") instanceof String text) {
      return text;
    }
    throw new IOException("a log-in answer without authentication");
  }

  /**
   * Runs a query to its end.
   *
   * @param timeout for all of it
   */
  ServerResponse run(ReqlAst term, OptArgs arguments, QueryOptions options, Duration timeout) {
    long token = ++lastToken;
    ByteBuffer query = Query.createStart(token, term, arguments).serialize();
    if (query.capacity() >= Wire.MAX_QUERY_BYTES) {
      throw new QueryRefused(Reason.TOO_LARGE, "a query of " + query.capacity() + " bytes");
    }
    ExactNumbers.require(query, Wire.HEADER_BYTES);
    bytesRead = 0;
    Expiry expiry = new Expiry(timeout, socket, lifetime, deadlines);
    try (expiry) {
      ServerResponse response = exchange(token, query);
      if (response.type() != ServerResponse.Type.PARTIAL) {
        requireAtMost(options.maxRows(), count(response));
        return response;
      }
      if (response.feed()) {
        stop(token);
        throw new QueryRefused(Reason.MALFORMED, "a changefeed has no end; follow it");
      }
      List<@Nullable Object> rows = new ArrayList<>(response.rows());
      while (response.type() == ServerResponse.Type.PARTIAL) {
        if (rows.size() > options.maxRows()) {
          stop(token);
          throw tooMany(options.maxRows());
        }
        if (bytesRead > options.cutAfterBytes()) {
          stop(token);
          break;
        }
        response = exchange(token, Query.createContinue(token).serialize());
        rows.addAll(response.rows());
      }
      requireAtMost(options.maxRows(), rows.size());
      return new ServerResponse(response.type(), rows, false, 0);
    } catch (IOException e) {
      broken = true;
      throw new OutcomeUnknown(
          server + " did not answer: " + expiry.explain(e).getMessage(), expiry.explain(e));
    } finally {
      if (expiry.expired()) {
        broken = true;
      }
    }
  }

  /** A result that is one array has its elements for rows. */
  private static int count(ServerResponse response) {
    List<@Nullable Object> rows = response.rows();
    return response.type() == ServerResponse.Type.ATOM
            && !rows.isEmpty()
            && rows.getFirst() instanceof List<?> array
        ? array.size()
        : rows.size();
  }

  private static void requireAtMost(int maxRows, int rows) {
    if (rows > maxRows) {
      throw tooMany(maxRows);
    }
  }

  private static QueryRefused tooMany(int maxRows) {
    return new QueryRefused(Reason.LIMIT_EXCEEDED, "more than " + maxRows + " rows");
  }

  /** Asks for a sign of life, and says whether it came. */
  boolean answers(Duration timeout) {
    long token = ++lastToken;
    Expiry expiry = new Expiry(timeout, socket, lifetime, deadlines);
    try (expiry) {
      exchange(token, Query.createServerInfo(token).serialize());
    } catch (IOException e) {
      broken = true;
    }
    broken |= expiry.expired();
    return !broken;
  }

  private void stop(long token) throws IOException {
    exchange(token, Query.createStop(token).serialize());
  }

  private ServerResponse exchange(long token, ByteBuffer query) throws IOException {
    wire.write(query);
    Wire.Frame frame = wire.readFrame();
    if (frame.token() != token) {
      throw new IOException("an answer to query " + frame.token() + " in place of " + token);
    }
    bytesRead += frame.json().capacity();
    ServerResponse response = ServerResponse.parse(frame.json().array());
    response.throwIfError();
    return response;
  }

  /** For feeds, which read and write on their own. */
  Wire wire() {
    return wire;
  }

  ServerAddress server() {
    return server;
  }

  boolean broken() {
    return broken;
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  long idleSince() {
    return idleSinceNanos;
  }

  /** Closes at once, whoever is reading or writing. */
  @Override
  public void close() {
    broken = true;
    lifetime.close(socket);
  }
}
