package io.pekkoraft.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.CannotStart;
import io.pekkoraft.demo.Demo;
import io.pekkoraft.demo.TicketOfficeDemo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the demo, and returns when it has begun. */
@Command(
    name = "demo",
    description = {
      "Three nodes of a replicated key-value store in this process, with HTTP and a dashboard.",
      "It runs until Ctrl-C; what was written is there when it comes back."
    })
final class DemoCommand implements Runnable {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where it listens (127.0.0.1). It knows no users: keep it on the loopback.")
  private String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Its port (8080); 0 takes any that is free.")
  private Integer port;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "DIR",
      description = "What it keeps (./data).")
  private Path data;

  @Option(
      names = "--sharding",
      description = "A ticket office instead: shows with seats, as replicated entities.")
  private boolean sharding;

  @Override
  public void run() {
    // Pekko logs from many threads at once, and would find the logging half begun.
    LoggerFactory.getILoggerFactory();
    try {
      if (sharding) {
        TicketOfficeDemo.start(config());
      } else {
        Demo.start(config());
      }
    } catch (CannotStart | ConfigException | IllegalArgumentException e) {
      throw new Failure(Exit.FAILED, "The demo can't start: " + e.getMessage());
    }
  }

  private Config config() {
    Map<String, Object> given = new HashMap<>();
    put(given, "pekko-raft.demo.host", host);
    put(given, "pekko-raft.demo.port", port);
    put(given, "pekko-raft.rocksdb.dir", data == null ? null : data.toString());
    return ConfigFactory.parseMap(given, "the command line").withFallback(ConfigFactory.load());
  }

  private static void put(Map<String, Object> given, String key, Object value) {
    if (value != null) {
      given.put(key, value);
    }
  }
}
