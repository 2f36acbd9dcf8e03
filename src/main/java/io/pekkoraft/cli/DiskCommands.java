package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Which disk holds the peers of replicated entities. */
final class DiskCommands {
  private static final String PATH = "/raft/disks";

  private DiskCommands() {}

  private static void print(CtlCommand ctl, JsonNode found) {
    if (ctl.isJson()) {
      ctl.print(found);
      return;
    }
    var table = new Table("REPLICA", "DISK", "NODE", "JOINED");
    found
        .path("disks")
        .properties()
        .forEach(
            replica ->
                replica
                    .getValue()
                    .forEach(
                        disk ->
                            table.row(
                                replica.getKey(),
                                disk.path("disk").asText(),
                                disk.path("node").asText("away"),
                                disk.path("joined").asBoolean() ? "yes" : "")));
    table.print(ctl.out());
    var replacing = found.path("replacing");
    if (!replacing.isMissingNode()) {
      ctl.out()
          .println(
              replacing.path("next").asText()
                  + " in the place of "
                  + replacing.path("lost").asText()
                  + ": "
                  + replacing.path("state").asText());
    }
  }

  @Command(
      name = "disks",
      description = "Which disk holds the peers of which replica of the entities, and its node.")
  static final class Disks implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Override
    public Integer call() {
      print(ctl, Endpoints.done(ctl.endpoints().get(PATH)).json());
      return Exit.OK;
    }
  }

  @Command(
      name = "replace-disk",
      description = {
        "Another disk takes the place of one that is lost for good, in all groups of the entities.",
        "Its node has to run; it says in its log how both are called. `ctl disks` tells how it"
            + " goes."
      })
  static final class Replace implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParentCommand private CtlCommand ctl;

    @Option(names = "--lost", required = true, paramLabel = "DISK", description = "The lost one.")
    private String lost;

    @Option(names = "--next", required = true, paramLabel = "DISK", description = "The other one.")
    private String next;

    @Override
    public Integer call() {
      var body = JsonNodeFactory.instance.objectNode().put("lost", lost).put("next", next);
      print(ctl, Endpoints.done(ctl.endpoints(PATIENCE).post(PATH, body)).json());
      return Exit.OK;
    }
  }
}
