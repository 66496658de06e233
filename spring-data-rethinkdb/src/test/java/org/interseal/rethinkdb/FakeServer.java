package org.interseal.rethinkdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLServerSocket;

/** Speaks RethinkDB's protocol on loopback, as badly as a test wants. */
final class FakeServer implements AutoCloseable {
  static final String PASSWORD = "fake";
  private static final int ITERATIONS = 2;
  private static final byte[] SALT = "salt".getBytes(StandardCharsets.US_ASCII);

  /** What the server does with a connection; when it returns the connection is closed. */
  @FunctionalInterface
  interface Behaviour {
    void serve(Session session) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Behaviour behaviour;
  private final List<Socket> sockets = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  private FakeServer(ServerSocket listener, Behaviour behaviour) {
    this.listener = listener;
    this.behaviour = behaviour;
    Thread.ofVirtual().name("fake-server").start(this::accept);
  }

  static FakeServer start(Behaviour behaviour) throws IOException {
    return new FakeServer(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), behaviour);
  }

  static FakeServer start(TestCertificates.Server identity, boolean needClient, Behaviour behaviour)
      throws IOException {
    SSLServerSocket socket =
        (SSLServerSocket)
            identity
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 0, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(needClient);
    return new FakeServer(socket, behaviour);
  }

  ServerAddress address() {
    return new ServerAddress("127.0.0.1", listener.getLocalPort());
  }

  ServerAddress address(String host) {
    return new ServerAddress(host, listener.getLocalPort());
  }

  int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        synchronized (sockets) {
          sockets.add(socket);
        }
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      behaviour.serve(new Session(socket));
    } catch (IOException | InterruptedException e) {
      // The client has gone, or the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** One connection, seen from the server. */
  final class Session {
    private final Socket socket;
    private final InputStream in;

    Session(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    /** A query as it came: {@code json} is type, term and options. */
    record Query(long token, String json) {
      boolean isStart() {
        return json.startsWith("[1,");
      }

      boolean isContinue() {
        return json.startsWith("[2");
      }

      boolean isServerInfo() {
        return json.startsWith("[5");
      }
    }

    void sayNothing() throws InterruptedException {
      closed.await();
    }

    void logIn() throws IOException {
      logIn(PASSWORD);
    }

    void logIn(String password) throws IOException {
      in.readNBytes(4);
      write(
          "{\"success\":true,\"min_protocol_version\":0,\"max_protocol_version\":0,\"server_version\":\"fake\"}");
      String first = authentication();
      String bare = first.substring("n,,".length());
      String serverFirst =
          "r="
              + bare.substring(bare.indexOf(",r=") + 3)
              + "more,s="
              + Base64.getEncoder().encodeToString(SALT)
              + ",i="
              + ITERATIONS;
      write("{\"success\":true,\"authentication\":\"" + serverFirst + "\"}");
      String last = authentication();
      String signed = bare + "," + serverFirst + "," + last.substring(0, last.indexOf(",p="));
      try {
        byte[] salted =
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ITERATIONS, 256))
                .getEncoded();
        String signature =
            Base64.getEncoder().encodeToString(hmac(hmac(salted, "Server Key"), signed));
        write("{\"success\":true,\"authentication\":\"v=" + signature + "\"}");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private String authentication() throws IOException {
      Map<String, ?> message = ServerResponse.readObject(text().getBytes(StandardCharsets.UTF_8));
      return String.valueOf(message.get("authentication"));
    }

    String text() throws IOException {
      StringBuilder text = new StringBuilder();
      for (int next = in.read(); next > 0; next = in.read()) {
        text.append((char) next);
      }
      return text.toString();
    }

    void write(String text) throws IOException {
      socket.getOutputStream().write((text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    Query query() throws IOException {
      byte[] header = in.readNBytes(12);
      if (header.length < 12) {
        throw new IOException("the client has gone");
      }
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      long token = fields.getLong();
      return new Query(token, new String(in.readNBytes(fields.getInt()), StandardCharsets.UTF_8));
    }

    void reply(long token, String json) throws IOException {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(12 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
      socket.getOutputStream().write(frame.putLong(token).putInt(bytes.length).put(bytes).array());
    }

    /** Answers sign-of-life questions until another query comes. */
    Query queryBesidesPings() throws IOException {
      Query query = query();
      while (query.isServerInfo()) {
        reply(query.token(), "{\"t\":5,\"r\":[{\"name\":\"fake\"}]}");
        query = query();
      }
      return query;
    }

    /** Answers every query with the number 1. */
    void answerOnes() throws IOException {
      while (true) {
        reply(queryBesidesPings().token(), "{\"t\":1,\"r\":[1]}");
      }
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
