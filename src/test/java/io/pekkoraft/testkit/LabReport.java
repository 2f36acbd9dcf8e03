package io.pekkoraft.testkit;

import java.util.List;
import java.util.stream.DoubleStream;

/** One line for each scenario of the lab. */
final class LabReport {
  private LabReport() {}

  static void print(String scenario, int peers, List<Simulation.Run> runs) {
    print(scenario, peers, runs, "");
  }

  /**
   * @param more what else was measured
   */
  static void print(String scenario, int peers, List<Simulation.Run> runs, String more) {
    System.out.printf(
        "%-62s %d peers, %3d seeds: median %6.1f virtual s, %6.0f messages%s%n",
        scenario,
        peers,
        runs.size(),
        median(runs.stream().mapToDouble(Simulation.Run::virtualSeconds)),
        median(runs.stream().mapToDouble(Simulation.Run::messages)),
        more);
  }

  private static double median(DoubleStream values) {
    var sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
