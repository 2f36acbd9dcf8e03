package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Registers.Command;
import io.pekkoraft.testkit.Registers.CompareAndSet;
import io.pekkoraft.testkit.Registers.Get;
import io.pekkoraft.testkit.Registers.Put;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The MIT course's key-value lab on top of Raft: what clients see is linearizable, key by key,
 * whatever strikes, with and without compaction. A search for an order that does not end is a
 * failure. {@code -Dsim.seeds=N} runs more seeds, {@code -Dsim.seed=N} one.
 */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class KeyValueLabTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 2);
  private static final int ROUNDS = 3;
  private static final Duration ROUND = Duration.ofSeconds(2);
  private static final Duration SAMPLE = Duration.ofMillis(20);

  /** The course's {@code maxraftstate}, in bytes. */
  private static final long COMPACTION_LIMIT = 1000;

  private static final String COMPACTED =
      "snapshots { max-size = %d, min-entries = 1, keep-entries = 0, patience = 4 }"
          .formatted(COMPACTION_LIMIT);

  /** More than any run has. */
  private static final String NEVER = "snapshots { max-entries = 1000000, max-size = 128 MiB }";

  /** What strikes, and whom. */
  record Scenario(
      int peers,
      int clients,
      boolean randomKeys,
      boolean unreliable,
      boolean partitions,
      boolean crashes,
      boolean compaction) {
    @Override
    public String toString() {
      var name = new ArrayList<String>();
      name.add("KV " + clients + (clients == 1 ? " client" : " clients"));
      Stream.of(
              unreliable ? "unreliable" : "",
              partitions ? "partitions" : "",
              crashes ? "crashes" : "",
              compaction ? "compaction" : "",
              randomKeys ? "random keys" : "")
          .filter(what -> !what.isEmpty())
          .forEach(name::add);
      return String.join(", ", name);
    }
  }

  static Stream<Scenario> scenarios() {
    var scenarios = new ArrayList<Scenario>();
    for (var bits = 0; bits < 32; bits++) {
      scenarios.add(
          new Scenario(
              5,
              (bits & 1) == 0 ? 1 : 5,
              false,
              (bits & 2) != 0,
              (bits & 4) != 0,
              (bits & 8) != 0,
              (bits & 16) != 0));
    }
    scenarios.add(new Scenario(7, 15, true, true, true, true, false));
    scenarios.add(new Scenario(7, 15, true, true, true, true, true));
    return scenarios.stream();
  }

  private long largestLog;
  private long answers;

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  @DisplayName("linearizable per key")
  void linearizable(Scenario scenario) {
    var runs =
        Simulation.of(Registers::new)
            .peers(scenario.peers())
            .settings(scenario.compaction() ? COMPACTED : NEVER)
            .linearizable(Command::key)
            .overSeeds(SEEDS, cluster -> play(scenario, cluster));
    LabReport.print(
        scenario.toString(),
        scenario.peers(),
        runs,
        ", %d answers, log %d bytes at most".formatted(answers, largestLog));
  }

  private void play(Scenario scenario, Cluster<Command, String> cluster) {
    if (scenario.unreliable()) {
      cluster.network().conditions(Network.Conditions.UNRELIABLE);
    }
    cluster.awaitLeader();
    var end = cluster.time().plus(ROUND.multipliedBy(ROUNDS + 1));
    watchLogs(scenario, cluster, end);
    var clients = new ArrayList<LabClient>();
    for (var i = 0; i < scenario.clients(); i++) {
      var wants = wants(scenario.randomKeys() ? -1 : i, cluster.random());
      clients.add(new LabClient(cluster, List.copyOf(cluster.peers()), wants).begin());
    }
    for (var round = 0; round < ROUNDS; round++) {
      round(scenario, cluster);
    }
    cluster.network().conditions(Network.Conditions.RELIABLE);
    cluster.passes(Duration.ofSeconds(1));
    clients.forEach(LabClient::stop);
    assertThat(clients).allSatisfy(client -> assertThat(client.done()).isPositive());
    answers += clients.stream().mapToInt(LabClient::done).sum();
    cluster
        .peers()
        .forEach(
            id ->
                assertThat(cluster.disk(id).snapshots().committed().isEmpty())
                    .as("%s has no snapshot", id)
                    .isEqualTo(!scenario.compaction()));
  }

  private static void round(Scenario scenario, Cluster<Command, String> cluster) {
    var end = cluster.time().plus(ROUND);
    if (scenario.partitions()) {
      while (cluster.time().compareTo(end) < 0) {
        partitionAtRandom(cluster);
        cluster.passes(Duration.ofMillis(1000 + cluster.random().nextInt(201)));
      }
      cluster.heal();
    } else {
      cluster.passes(ROUND);
    }
    if (scenario.crashes()) {
      cluster.peers().forEach(cluster::crash);
      cluster.passes(Duration.ofMillis(300));
      cluster.peers().forEach(cluster::start);
    }
  }

  private static void partitionAtRandom(Cluster<?, ?> cluster) {
    var random = cluster.random();
    var sides = List.of(new ArrayList<PeerId>(), new ArrayList<PeerId>());
    cluster.heal();
    cluster.peers().forEach(id -> sides.get(random.nextInt(2)).add(id));
    cluster.partition(sides.get(0), sides.get(1));
  }

  /** At each moment, and not only at the end of a round as the course does. */
  private void watchLogs(Scenario scenario, Cluster<?, ?> cluster, Duration end) {
    for (var id : cluster.peers()) {
      var bytes = cluster.disk(id).journalBytes();
      largestLog = Math.max(largestLog, bytes);
      if (scenario.compaction()) {
        assertThat(bytes).as("the log of %s on its disk", id).isLessThan(8 * COMPACTION_LIMIT);
      }
    }
    if (cluster.time().compareTo(end) < 0) {
      cluster.later(SAMPLE, () -> watchLogs(scenario, cluster, end));
    }
  }

  /** Half reads, half writes; a write in ten is a compare-and-set that expects the last one. */
  private static Supplier<Command> wants(int client, SplittableRandom random) {
    var last = new TreeMap<String, String>();
    return () -> {
      var key = "k" + (client < 0 ? random.nextInt(15) : client);
      if (random.nextBoolean()) {
        return new Get(key);
      }
      var value = "v" + random.nextInt(1_000_000_000);
      var before = last.put(key, value);
      return random.nextInt(10) == 0
          ? new CompareAndSet(key, before == null ? "" : before, value)
          : new Put(key, value);
    };
  }

  @Test
  @DisplayName("KV one partition: the minority answers nothing while it lasts, and soon after it")
  void onePartition() {
    var runs =
        Simulation.of(Registers::new)
            .peers(5)
            .linearizable(Command::key)
            .overSeeds(10 * SEEDS, KeyValueLabTest::onePartition);
    LabReport.print("KV one partition", 5, runs);
  }

  private static void onePartition(Cluster<Command, String> cluster) {
    cluster.one(new Put("k", "13"), 5);
    var leader = cluster.awaitLeader();
    var others = cluster.peers().stream().filter(id -> !id.equals(leader)).toList();
    var minority = List.of(leader, others.get(0));
    var majority = others.subList(1, 4);
    cluster.partition(minority, majority);
    var there = new LabClient(cluster, majority, distinct("k", "there")).begin();
    cluster.await("the majority goes on", Duration.ofSeconds(3), () -> there.done() > 2);
    there.stop();
    var here =
        List.of(
            new LabClient(cluster, minority, distinct("k", "here")).begin(),
            new LabClient(cluster, minority, () -> new Get("k")).begin());
    cluster.passes(Duration.ofSeconds(2));
    assertThat(here).allSatisfy(client -> assertThat(client.done()).isZero());
    cluster.heal();
    here.forEach(client -> client.reaches(List.copyOf(cluster.peers())));
    cluster.await(
        "both are answered",
        Duration.ofSeconds(3),
        () -> here.stream().allMatch(client -> client.done() > 0));
    here.forEach(LabClient::stop);
  }

  private static Supplier<Command> distinct(String key, String value) {
    var values = Stream.iterate(0, i -> i + 1).map(i -> value + i).iterator();
    return () -> new Put(key, values.next());
  }
}
