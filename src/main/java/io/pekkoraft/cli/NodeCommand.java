package io.pekkoraft.cli;

import com.typesafe.config.ConfigException;
import io.pekkoraft.demo.CannotStart;
import io.pekkoraft.demo.NodeArguments;
import io.pekkoraft.demo.NodeProcess;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs one node of several, and returns when it has begun. */
@Command(
    name = "node",
    description = {
      "One node of a replicated key-value store; the others run elsewhere, with the same"
          + " --cluster.",
      "It may start before them, and takes any request. Ctrl-C lets it hand over and end."
    })
final class NodeCommand implements Runnable {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Which node this is.")
  private String id;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "ID=HOST:PORT,...",
      description = "Where all nodes listen for each other, this one among them; no port is 0.")
  private String cluster;

  @Option(
      names = "--http",
      defaultValue = "127.0.0.1:8080",
      paramLabel = "HOST:PORT",
      description = "Where clients reach this node (127.0.0.1:8080).")
  private String http;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "DIR",
      description = "What it keeps. Each node has one of its own, for life.")
  private Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings over the library's, in HOCON.")
  private Path config;

  @Option(
      names = "--join",
      description =
          "The group was founded without this node, and shall add it (ctl add). The nodes that have"
              + " it not in their --cluster hear from itself where it is.")
  private boolean joins;

  @Option(
      names = "--sharding",
      description = "A ticket office instead: shows with seats, as replicated entities.")
  private boolean sharding;

  @Option(
      names = "--plain",
      paramLabel = "JDBC-URL",
      description =
          "With --sharding: the same shows as plain, event-sourced entities as well, over the"
              + " database that `pekko-raft database` serves.")
  private String plain;

  @Override
  public void run() {
    // Pekko logs from many threads at once, and would find the logging half begun.
    LoggerFactory.getILoggerFactory();
    try {
      NodeProcess.start(
          NodeArguments.parse(
              id,
              cluster,
              http,
              data,
              Optional.ofNullable(config),
              joins,
              sharding,
              Optional.ofNullable(plain)));
    } catch (CannotStart | ConfigException | IllegalArgumentException e) {
      throw new Failure(Exit.FAILED, "The node can't start: " + e.getMessage());
    }
  }
}
