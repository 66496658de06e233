package org.interseal.launcher.simulate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.launcher.Interseal;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * Runs seeds in several processes of their own, a row of seeds each. Threads of one process would
 * share locks and caches, and a run would no more be a function of its seed alone.
 */
final class SimulationProcesses {
  /** A process begins with founding the banks, which costs as much as some dozens of seeds. */
  static final long MIN_SEEDS_EACH = 200;

  private static final Pattern PROGRESS = Pattern.compile("(\\d+) of \\d+ seeds");
  private static final Pattern SUMMARY = Pattern.compile("\\d+ seeds: .*");

  private final Map<Integer, Long> done = new HashMap<>();
  private final boolean realCryptography;
  private final PrintWriter out;

  /** One process's seeds. */
  record Slice(long first, long seeds) {}

  /**
   * @param out where broken seeds are shown as they are found
   */
  SimulationProcesses(boolean realCryptography, PrintWriter out) {
    this.realCryptography = realCryptography;
    this.out = out;
  }

  /** Rows of about the same length, in order: as many as are worth it, at most so many. */
  static List<Slice> slices(long first, long seeds, int most) {
    long count = Math.clamp(seeds / MIN_SEEDS_EACH, 1, Math.max(1, most));
    List<Slice> slices = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long from = seeds * i / count;
      slices.add(new Slice(first + from, seeds * (i + 1) / count - from));
    }
    return slices;
  }

  /**
   * Runs them all at the same time.
   *
   * @throws IOException when a process ends without a result
   */
  void run(List<Slice> slices, SimulationReport found) throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    List<CompletableFuture<Void>> told = new ArrayList<>();
    List<Path> reports = new ArrayList<>();
    try {
      for (Slice slice : slices) {
        Path report = Files.createTempFile("interseal-simulation", ".json");
        reports.add(report);
        Process process = start(slice, report);
        processes.add(process);
        int number = processes.size();
        told.add(
            CompletableFuture.runAsync(
                () -> tell(process, number),
                task -> Thread.ofVirtual().name("simulation-output").start(task)));
      }
      for (int i = 0; i < slices.size(); i++) {
        told.get(i).join();
        found.add(result(processes.get(i).waitFor(), reports.get(i)));
      }
    } catch (CompletionException e) {
      throw new IOException("a simulating process was not heard to its end", e.getCause());
    } finally {
      processes.forEach(Process::destroy);
      for (Path report : reports) {
        Files.deleteIfExists(report);
      }
    }
  }

  private Process start(Slice slice, Path report) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Interseal.class.getName(),
            "simulate",
            "--parallel",
            "1",
            "--first",
            Long.toString(slice.first()),
            "--seeds",
            Long.toString(slice.seeds()),
            "--report",
            report.toString()));
    if (realCryptography) {
      command.add("--real-cryptography");
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void tell(Process process, int number) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tell(line, number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(String line, int number) {
    Matcher progress = PROGRESS.matcher(line);
    synchronized (done) {
      if (progress.matches()) {
        done.put(number, Long.valueOf(progress.group(1)));
        long sum = done.values().stream().mapToLong(Long::longValue).sum();
        out.printf("%d seeds in all%n", sum);
      } else if (!SUMMARY.matcher(line).matches()) {
        out.println(line);
      }
      out.flush();
    }
  }

  private static SimulationReport.Figures result(int exitCode, Path report) throws IOException {
    String text = Files.readString(report);
    if (text.isEmpty()) {
      throw new IOException("a simulating process ended with exit code " + exitCode);
    }
    try {
      return ProtocolJson.decode(text, SimulationReport.Figures.class);
    } catch (MalformedMessage e) {
      throw new IOException("not a simulation's figures: " + report, e);
    }
  }
}
