package io.pekkoraft.cli;

import io.pekkoraft.demo.CannotStart;
import io.pekkoraft.demo.TicketDatabase;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the database of the plain ticket office, and returns when it does. */
@Command(
    name = "database",
    description = {
      "The database that `node --sharding --plain` needs, for the nodes of this machine.",
      "It is a process of its own, so that no node that is killed takes it along."
    })
final class DatabaseCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-d", "--data"},
      required = true,
      paramLabel = "DIR",
      description = "What it keeps.")
  private Path data;

  @Option(
      names = {"-p", "--port"},
      defaultValue = "9092",
      paramLabel = "PORT",
      description = "Where it listens (9092); 0 takes any that is free.")
  private int port;

  @Override
  public void run() {
    try {
      var served = TicketDatabase.serve(data, port);
      spec.commandLine()
          .getOut()
          .println("The database listens. For each node: --plain " + served.url());
      spec.commandLine().getOut().flush();
    } catch (CannotStart e) {
      throw new Failure(Exit.FAILED, "The database can't start: " + e.getMessage());
    }
  }
}
