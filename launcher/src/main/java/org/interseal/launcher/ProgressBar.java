package org.interseal.launcher;

import java.io.PrintStream;

/** A progress bar on one line of a terminal; a line every tenth part where there is no terminal. */
public final class ProgressBar {
  private static final int WIDTH = 40;

  private final PrintStream out;
  private final boolean terminal;
  private final String label;
  private final int total;
  private int done;
  private int shownTenths = -1;
  private int shownPerMille = -1;

  public ProgressBar(PrintStream out, boolean terminal, String label, int total) {
    this.out = out;
    this.terminal = terminal;
    this.label = label;
    this.total = Math.max(1, total);
  }

  /** One more is done; safe to call from many threads. */
  public synchronized void step() {
    done++;
    int perMille = (int) (done * 1000L / total);
    if (terminal && perMille != shownPerMille) {
      int filled = perMille * WIDTH / 1000;
      out.print(
          "\r"
              + label
              + " ["
              + "#".repeat(filled)
              + " ".repeat(WIDTH - filled)
              + "] "
              + done
              + "/"
              + total);
      if (done >= total) {
        out.println();
      }
      out.flush();
    } else if (!terminal && perMille / 100 != shownTenths) {
      out.println(label + " " + done + "/" + total);
    }
    shownPerMille = perMille;
    shownTenths = perMille / 100;
  }
}
