package io.pekkoraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.IdempotentKeyValue;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.demo.KeyValueRoute;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/command-line.md shows, done. */
class CommandLineDocTest {
  private static final String PROMPT = "$ pekko-raft ";

  @TempDir private Path data;

  private record Example(String command, String firstLine) {
    List<String> arguments(String directory) {
      return List.of(command.replace("DIR", directory).split(" "));
    }
  }

  private static List<Example> examples(String subcommand) throws IOException {
    var examples = new ArrayList<Example>();
    var lines = Files.readAllLines(Path.of("docs", "command-line.md"));
    for (var i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(PROMPT + subcommand)) {
        examples.add(new Example(lines.get(i).substring(PROMPT.length()), lines.get(i + 1)));
      }
    }
    assertThat(examples).hasSizeGreaterThan(2);
    return examples;
  }

  /** Who leads, in which term, and how long the log is, is not always the same. */
  private static String shape(String line) {
    return line.replaceAll("[0-9]+", "0")
        .replaceAll("\\((LEADER|FOLLOWER)\\)", "(ROLE)")
        .replaceAll(" +", " ")
        .strip();
  }

  private static void show(Example example, String... arguments) {
    var outcome = Shell.run(arguments).exits(Exit.OK);
    assertThat(shape(outcome.out().lines().findFirst().orElse("")))
        .describedAs(example.command())
        .isEqualTo(shape(example.firstLine()));
  }

  @Test
  @DisplayName("the examples of ctl and journal do what is said, and begin with what is shown")
  void examples() throws IOException {
    var config =
        ConfigFactory.parseMap(Map.of("pekko-raft.rocksdb.dir", data.toString()))
            .withFallback(ConfigFactory.parseResources("patient.conf"))
            .withFallback(ConfigFactory.load());
    var kit = ActorTestKit.create("command-line", config);
    try {
      var endpoint = serve(kit);
      for (var example : examples("ctl")) {
        var arguments = new ArrayList<>(example.arguments(""));
        arguments.addAll(List.of("-e", endpoint, "--timeout", "60"));
        show(example, arguments.toArray(String[]::new));
      }
    } finally {
      kit.shutdownTestKit();
    }
    for (var example : examples("journal")) {
      show(example, example.arguments(data.toString()).toArray(String[]::new));
    }
  }

  private static String serve(ActorTestKit kit) {
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(
            kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
    var route = Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group, group::spawnPeer));
    var binding =
        RaftHttp.bind(kit.system(), "127.0.0.1", 0, route, KeyValueRoute.MAX_VALUE_BYTES)
            .toCompletableFuture()
            .join();
    return "http://127.0.0.1:" + binding.localAddress().getPort();
  }
}
