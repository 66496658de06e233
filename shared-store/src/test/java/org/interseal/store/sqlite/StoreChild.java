package org.interseal.store.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;

/** A process of its own that inserts rows and prints, line by line, what became of them. */
final class StoreChild {
  private static final int ROWS_A_BATCH = 5;
  private static final int MAX_PENDING = 20;
  static final String BODY = "sealed ".repeat(150);

  private StoreChild() {}

  /**
   * @param args the file, a prefix for ids, and how many batches
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int batches = Integer.parseInt(args[2]);
    try (SqliteStore store = SqliteStore.openShared(Path.of(args[0]), Clock.systemUTC())) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      out.println("READY");
      List<CompletableFuture<Void>> pending = new ArrayList<>();
      for (int batch = 0; batch < batches; batch++) {
        List<NewRow> rows = rows(args[1] + batch + "-");
        pending.add(table.insert(rows).thenAccept(outcomes -> print(out, rows, outcomes)));
        if (pending.size() == MAX_PENDING) {
          pending.removeFirst().get(60, TimeUnit.SECONDS);
        }
      }
      for (CompletableFuture<Void> each : pending) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
    out.println("DONE");
  }

  private static List<NewRow> rows(String prefix) {
    return IntStream.range(0, ROWS_A_BATCH)
        .mapToObj(i -> new NewRow("bank-a", prefix + i, BODY + prefix + i))
        .toList();
  }

  private static synchronized void print(
      PrintStream out, List<NewRow> rows, List<InsertOutcome> outcomes) {
    for (int i = 0; i < rows.size(); i++) {
      out.println(outcomes.get(i).getClass().getSimpleName() + " " + rows.get(i).id());
    }
  }

  /** A running child, and its lines. */
  record Running(Process process, BufferedReader lines) {
    /** The next line; empty at the end. */
    String next() {
      try {
        String line = lines.readLine();
        return line == null ? "" : line;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * SIGKILL. Unlike {@link Process#destroyForcibly()} it leaves what the child printed readable.
     */
    void kill() {
      process.toHandle().destroyForcibly();
    }

    List<String> rest() {
      List<String> rest = new ArrayList<>();
      for (String line = next(); !line.isEmpty(); line = next()) {
        rest.add(line);
      }
      return rest;
    }
  }

  /**
   * Starts one that has opened the file. Its largest file may have so many blocks of 1 KiB; 0 is no
   * limit.
   */
  static Running start(Path file, String prefix, int batches, int maxBlocks) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StoreChild.class.getName(),
                file.toString(),
                prefix,
                Integer.toString(batches)));
    if (maxBlocks > 0) {
      command.addAll(
          0, List.of("bash", "-c", "ulimit -f " + maxBlocks + " && exec \"$@\"", "child"));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Running running =
        new Running(
            process,
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    if (!running.next().equals("READY")) {
      process.destroyForcibly();
      throw new IllegalStateException("the child did not open the store");
    }
    return running;
  }
}
