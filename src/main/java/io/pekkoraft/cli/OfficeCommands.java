package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What a leader, or a peer, is asked to do now. */
final class OfficeCommands {
  private OfficeCommands() {}

  @Command(
      name = "transfer",
      description = "The leader hands its office over, without a gap for those who write.")
  static final class Transfer implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(
        arity = "0..1",
        paramLabel = "PEER",
        description = "To whom; to the follower with most of the log if not said.")
    private String to;

    @Override
    public Integer call() {
      var body = JsonNodeFactory.instance.objectNode();
      if (to != null) {
        body.put("to", to);
      }
      var done = Endpoints.done(ctl.endpoints().post("/raft/transfer", body)).json();
      if (ctl.isJson()) {
        ctl.print(done);
      } else {
        ctl.out().println("The office went to " + done.path("to").asText() + ".");
      }
      return Exit.OK;
    }
  }

  @Command(name = "snapshot", description = "Peers take a snapshot now, and discard their logs.")
  static final class TakeSnapshot implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParentCommand private CtlCommand ctl;

    @Parameters(arity = "0..1", paramLabel = "PEER", description = "Who; all if not said.")
    private String peer;

    @Override
    public Integer call() {
      var body = JsonNodeFactory.instance.objectNode();
      if (peer != null) {
        body.put("peer", peer);
      }
      var done = Endpoints.done(ctl.endpoints(PATIENCE).post("/raft/snapshot", body)).json();
      if (ctl.isJson()) {
        ctl.print(done);
        return Exit.OK;
      }
      var table = new Table("PEER", "INDEX", "TERM");
      done.properties()
          .forEach(
              each ->
                  table.row(
                      each.getKey(),
                      each.getValue().path("index").asLong(),
                      each.getValue().path("term").asLong()));
      table.print(ctl.out());
      return Exit.OK;
    }
  }
}
