package org.interseal.launcher.simulate;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.simulation.Simulator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Simulates a federation from seeds and looks for what must never be. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a whole federation in one thread on virtual time, once for each seed: servers, gateways"
          + " and devices of two",
      "banks on an unkind store, with processes that are killed, stopped, paused, cut off, come"
          + " back with old disks or",
      "wrong clocks. What must always hold is checked all the time, and that everything is answered"
          + " once faults stop.",
      "A seed that does not hold is printed with the step; --seed runs it again, with the servers'"
          + " logs.",
      "Exit code 0 when every seed held, 1 when not."
    })
public final class SimulateCommand implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Option(
      names = "--seeds",
      defaultValue = "1000",
      description = "how many (default: ${DEFAULT-VALUE})")
  long seeds = 1_000;

  @Option(
      names = "--first",
      defaultValue = "1",
      description = "the first of them (default: ${DEFAULT-VALUE})")
  long first = 1;

  @Option(names = "--seed", description = "run this one alone, and show what happens in it")
  @Nullable Long seed;

  @Option(
      names = "--real-cryptography",
      description = "sign and seal in earnest, which takes many times as long")
  boolean realCryptography;

  @Option(
      names = "--parallel",
      description =
          "processes to run them in, each with a row of seeds; each seed in one (default: as many"
              + " as processors)")
  @Nullable Integer parallel;

  @Option(names = "--report", description = "write the figures to this file as JSON")
  @Nullable Path report;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    Long only = seed;
    long from = only == null ? first : only;
    long count = only == null ? seeds : 1;
    int most = parallel == null ? Runtime.getRuntime().availableProcessors() : parallel;
    List<SimulationProcesses.Slice> slices =
        SimulationProcesses.slices(from, count, only == null ? most : 1);
    SimulationReport found = new SimulationReport(from);
    long begin = System.nanoTime();
    if (slices.size() > 1) {
      new SimulationProcesses(realCryptography, out).run(slices, found);
    } else {
      simulate(from, count, found, out);
    }
    SimulationReport.Figures figures =
        found.figures(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    out.printf(
        "%d seeds: %d broken; %d payments, %d blocks, %d s simulated in %d s%n",
        figures.seeds(),
        figures.broken().size(),
        figures.payments(),
        figures.blocks(),
        figures.virtualSeconds(),
        figures.elapsedMillis() / 1_000);
    out.flush();
    if (report != null) {
      Files.writeString(report, ProtocolJson.encodeText(figures));
    }
    return figures.broken().isEmpty() ? 0 : BROKEN;
  }

  private void simulate(long from, long count, SimulationReport found, PrintWriter out) {
    Simulator simulator = Simulator.found(realCryptography, seed != null);
    long told = System.nanoTime();
    for (long next = from; next < from + count; next++) {
      Simulator.Run run = simulator.run(next);
      found.add(run);
      tell(run, out);
      if (System.nanoTime() - told > PROGRESS_NANOS) {
        told = System.nanoTime();
        out.printf("%d of %d seeds%n", next - from + 1, count);
        out.flush();
      }
    }
  }

  private static void tell(Simulator.Run run, PrintWriter out) {
    if (!run.holds()) {
      out.printf("seed %d step %d: %s%n", run.seed(), run.steps(), run.broken());
      Throwable bug = run.bug();
      if (bug != null) {
        bug.printStackTrace(out);
      }
      out.flush();
    }
  }
}
