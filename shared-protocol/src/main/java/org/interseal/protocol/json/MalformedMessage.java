package org.interseal.protocol.json;

/**
 * Bytes that are not exactly a value of the expected format. The message never quotes the content.
 */
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessage(String message) {
    super(message);
  }
}
