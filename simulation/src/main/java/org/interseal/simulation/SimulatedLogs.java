package org.interseal.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The servers' logs: whether they are seen, and what they say that is a bug. */
final class SimulatedLogs {
  private static final String OURS = "org.interseal";

  /** Errors that the world brings about and no bug; what follows from them is checked otherwise. */
  private static final Set<String> NO_BUGS =
      Set.of(
          OURS + ".bank.processing.LedgerThread {}: the ledger stands still: {}",
          OURS
              + ".bank.processing.BankNode {} void rows at one height, the last at {}: find out who"
              + " inserts them and take that user's access away");

  private SimulatedLogs() {}

  /** What is not seen is written all the same, as far as it may say that there is a bug. */
  static void show(boolean all) {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(all ? Level.DEBUG : Level.OFF);
    }
    if (LoggerFactory.getLogger(OURS) instanceof Logger ours) {
      ours.setLevel(all ? Level.DEBUG : Level.WARN);
      ours.setAdditive(all);
    }
  }

  /** Until it is closed, somebody is told of what only a bug writes. */
  interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param bugs told of each line and the exception in it, by the thread that writes it
   * @throws IllegalStateException when logs go where nobody can watch them
   */
  static Watching watch(BiConsumer<String, @Nullable Throwable> bugs) {
    if (!(LoggerFactory.getLogger(OURS) instanceof Logger ours)) {
      throw new IllegalStateException("the simulation watches logs of Logback only");
    }
    Watch watch = new Watch(bugs);
    watch.setContext(ours.getLoggerContext());
    watch.start();
    ours.addAppender(watch);
    return () -> ours.detachAppender(watch);
  }

  private static final class Watch extends AppenderBase<ILoggingEvent> {
    private final BiConsumer<String, @Nullable Throwable> bugs;

    Watch(BiConsumer<String, @Nullable Throwable> bugs) {
      this.bugs = bugs;
    }

    @Override
    protected void append(ILoggingEvent event) {
      Throwable thrown =
          event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
      if (isBug(event, thrown)) {
        String line = event.getLoggerName() + ": " + event.getFormattedMessage();
        bugs.accept(thrown == null ? line : line + ": " + thrown, thrown);
      }
    }

    /** Production code catches what a bug throws where it has to go on, and writes it down. */
    private static boolean isBug(ILoggingEvent event, @Nullable Throwable thrown) {
      if (thrown instanceof RuntimeException || thrown instanceof Error) {
        return true;
      }
      return event.getLevel().isGreaterOrEqual(Level.ERROR)
          && !NO_BUGS.contains(event.getLoggerName() + " " + event.getMessage());
    }
  }
}
