package org.interseal.federation;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for texts in files, in every spelling in which a careless program leaves them: UTF-8,
 * UTF-16, hexadecimal, and either base64 at any of its three alignments.
 */
final class PlantedText {
  private static final int CHUNK_BYTES = 16 * 1024 * 1024;

  /** Latin-1, one character per byte, by what it says. */
  private final Map<String, String> needles = new LinkedHashMap<>();

  private int longest;

  /** A place where a text stands in the clear. */
  record Found(Path file, String what) {}

  void add(String text) {
    add(text + " in UTF-8", text.getBytes(StandardCharsets.UTF_8));
    addPlain(text + " in UTF-16", text.getBytes(StandardCharsets.UTF_16LE));
    addPlain(text + " in UTF-16", text.getBytes(StandardCharsets.UTF_16BE));
  }

  /** A number in eight bytes. */
  void add(long number) {
    add(number + " in binary", BigInteger.valueOf(number).toByteArray());
  }

  private void add(String what, byte[] bytes) {
    addPlain(what, bytes);
    addPlain(
        what + ", hexadecimal",
        HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
    addPlain(
        what + ", hexadecimal",
        HexFormat.of().withUpperCase().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
    for (int alignment = 0; alignment < 3; alignment++) {
      addPlain(what + ", base64", inside(Base64.getEncoder().withoutPadding(), bytes, alignment));
      addPlain(
          what + ", base64url", inside(Base64.getUrlEncoder().withoutPadding(), bytes, alignment));
    }
  }

  /** The characters that do not depend on what stands before and after. */
  private static byte[] inside(Base64.Encoder encoder, byte[] bytes, int alignment) {
    byte[] shifted = new byte[alignment + bytes.length];
    System.arraycopy(bytes, 0, shifted, alignment, bytes.length);
    String encoded = encoder.encodeToString(shifted);
    int from = (alignment * 8 + 5) / 6;
    int to = shifted.length * 8 / 6;
    return encoded.substring(from, to).getBytes(StandardCharsets.US_ASCII);
  }

  private void addPlain(String what, byte[] bytes) {
    needles.putIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), what);
    longest = Math.max(longest, bytes.length);
  }

  List<Found> in(List<Path> files) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : files) {
      scan(file, found);
    }
    return found;
  }

  private void scan(Path file, List<Found> found) throws IOException {
    Charset bytewise = StandardCharsets.ISO_8859_1;
    try (var in = Files.newInputStream(file)) {
      String before = "";
      for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = in.readNBytes(CHUNK_BYTES)) {
        String text = before + new String(chunk, bytewise);
        needles.forEach((needle, what) -> {
          if (text.contains(needle)) {
            found.add(new Found(file, what));
          }
        });
        before = text.substring(Math.max(0, text.length() - longest));
      }
    }
  }
}
