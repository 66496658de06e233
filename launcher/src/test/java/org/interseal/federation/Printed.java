package org.interseal.federation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.interseal.launcher.Interseal;
import picocli.CommandLine;

/** What {@code interseal} printed, and its exit code. */
public record Printed(int code, String text) {
  public static Printed by(String... arguments) {
    return by(List.of(arguments));
  }

  public static Printed by(List<String> arguments) {
    return by(new StringWriter(), arguments);
  }

  /**
   * @param text may be read while the command runs
   */
  static Printed by(StringWriter text, List<String> arguments) {
    CommandLine interseal = Interseal.commandLine();
    PrintWriter both = new PrintWriter(text, true);
    interseal.setOut(both);
    interseal.setErr(both);
    int code = interseal.execute(arguments.toArray(String[]::new));
    return new Printed(code, text.toString());
  }
}
