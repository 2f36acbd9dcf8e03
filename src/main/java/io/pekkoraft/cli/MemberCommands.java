package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * What changes who belongs to a group. The version is looked up first and sent with the change, so
 * that what somebody else does in between is not undone.
 */
final class MemberCommands {
  private static final Duration PATIENCE = Duration.ofSeconds(75);
  private static final int CONFLICT = 409;

  private MemberCommands() {}

  private static int change(CtlCommand ctl, JsonNode now, String field, List<String> peers) {
    var body = JsonNodeFactory.instance.objectNode().put("from", now.path("version").asLong());
    var list = body.putArray(field);
    peers.forEach(list::add);
    var answer = ctl.endpoints(PATIENCE).post("/raft/members", body);
    if (answer.status() == CONFLICT) {
      throw new Failure(
          Exit.FAILED,
          answer.json().path("detail").asText()
              + "\nSomebody else changes the members. Look (ctl members), and decide anew.");
    }
    LookCommands.Members.print(ctl, Endpoints.done(answer).json());
    return Exit.OK;
  }

  private static JsonNode now(CtlCommand ctl) {
    return Endpoints.done(ctl.endpoints().get("/raft/members")).json();
  }

  private static boolean contains(JsonNode ids, String id) {
    return StreamSupport.stream(ids.spliterator(), false).anyMatch(x -> x.asText().equals(id));
  }

  @Command(
      name = "add",
      description = {
        "Lets peers into the group, when they have caught up.",
        "A peer of a process of its own has to run already."
      })
  static final class Add implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(arity = "1..*", paramLabel = "PEER", description = "Ids, such as p4.")
    private List<String> peers;

    @Option(names = "--learner", description = "They get the log and do not vote.")
    private boolean learner;

    @Override
    public Integer call() {
      return change(ctl, now(ctl), learner ? "learners" : "add", peers);
    }
  }

  @Command(name = "remove", description = "Lets peers go, whether they answer or not.")
  static final class Remove implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(arity = "1..*", paramLabel = "PEER", description = "Ids, such as p1.")
    private List<String> peers;

    @Override
    public Integer call() {
      return change(ctl, now(ctl), "remove", peers);
    }
  }

  @Command(name = "promote", description = "Lets learners vote, when they have caught up.")
  static final class Promote implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Parameters(arity = "1..*", paramLabel = "PEER", description = "Ids of learners.")
    private List<String> peers;

    @Override
    public Integer call() {
      var now = now(ctl);
      for (var peer : peers) {
        if (!contains(now.path("learners"), peer)) {
          throw new Failure(
              Exit.FAILED,
              peer
                  + " is no learner. The learners: ["
                  + LookCommands.list(now.path("learners"))
                  + "]. A peer that does not belong to the group yet is added (ctl add).");
        }
      }
      return change(ctl, now, "add", peers);
    }
  }
}
