package org.interseal.rethinkdb;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes on a socket: little-endian, first texts that end in a zero byte, then frames of a
 * token, a length and JSON. Reads block, and are woken by closing the socket. One thread reads; any
 * may write.
 */
final class Wire {
  /** The server takes queries below this. */
  static final int MAX_QUERY_BYTES = 128 * 1024 * 1024;

  /** An answer of more is refused before it is read into memory. */
  static final int MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

  /** The server's own bound for texts of the log-in. */
  static final int MAX_TEXT_BYTES = 2_048;

  /** Of a frame, before its JSON: token and length. */
  static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final DataInputStream in;
  private final OutputStream out;

  Wire(Socket socket) throws IOException {
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    this.out = socket.getOutputStream();
  }

  /** What the server said to one token. */
  record Frame(long token, ByteBuffer json) {}

  String readText() throws IOException {
    var text = new ByteArrayOutputStream();
    for (int next = in.read(); next != 0; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection while logging in");
      }
      if (text.size() == MAX_TEXT_BYTES) {
        throw new IOException("a text of the log-in is longer than " + MAX_TEXT_BYTES + " bytes");
      }
      text.write(next);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  Frame readFrame() throws IOException {
    long token = Long.reverseBytes(in.readLong());
    int length = Integer.reverseBytes(in.readInt());
    if (length < 0 || length > MAX_RESPONSE_BYTES) {
      throw new IOException("an answer of " + Integer.toUnsignedLong(length) + " bytes");
    }
    byte[] json = in.readNBytes(length);
    if (json.length < length) {
      throw new EOFException("the server closed the connection in the middle of an answer");
    }
    return new Frame(token, ByteBuffer.wrap(json));
  }

  synchronized void writeText(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(ByteBuffer.allocate(bytes.length + 1).put(bytes).array());
    out.flush();
  }

  synchronized void writeInt(int value) throws IOException {
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  /** Writes a query as the driver's terms serialise themselves. */
  synchronized void write(ByteBuffer query) throws IOException {
    out.write(query.array(), query.arrayOffset(), query.capacity());
    out.flush();
  }
}
