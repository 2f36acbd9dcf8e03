package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What only looks. */
final class LookCommands {
  private static final String CLEAR = "\u001B[H\u001B[2J";

  private LookCommands() {}

  @Command(name = "status", description = "How each peer is: role, term, how far it has come.")
  static final class Status implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Override
    public Integer call() {
      var found = find(ctl.endpoints());
      if (ctl.isJson()) {
        ctl.print(found);
      } else {
        print(ctl, found);
      }
      return Exit.OK;
    }

    /** The leader's view, and with it each member's own, null for one that does not answer. */
    static ObjectNode find(Endpoints endpoints) {
      var leader = Endpoints.done(endpoints.get("/raft/status")).json();
      var found =
          JsonNodeFactory.instance
              .objectNode()
              .put("group", leader.path("group").asText())
              .put("leader", leader.path("leader").asText(null))
              .put("term", leader.path("term").asLong());
      found.set("configuration", leader.path("configuration"));
      var peers = found.putObject("peers");
      for (var role : new String[] {"voters", "outgoing", "learners"}) {
        for (var id : leader.path("configuration").path(role)) {
          peers.set(id.asText(), peer(endpoints, leader, id.asText()));
        }
      }
      return found;
    }

    private static JsonNode peer(Endpoints endpoints, JsonNode leader, String id) {
      if (leader.path("id").asText().equals(id)) {
        return leader;
      }
      var answer = endpoints.get("/raft/status?peer=" + KeyCommands.encoded(id));
      var own = answer.isOk() ? answer.json() : JsonNodeFactory.instance.nullNode();
      var seen = leader.path("peers").path(id);
      if (own instanceof ObjectNode object && seen.isObject()) {
        object.set("asTheLeaderSeesIt", seen);
      }
      return own;
    }

    static void print(CtlCommand ctl, ObjectNode found) {
      var leader = found.path("leader").asText("nobody");
      ctl.out()
          .println(
              "Group "
                  + found.path("group").asText()
                  + ": "
                  + (leader.equals("null") ? "nobody" : leader)
                  + " leads in term "
                  + found.path("term").asLong()
                  + ".");
      var table =
          new Table("PEER", "ROLE", "TERM", "VOTE", "COMMIT", "APPLIED", "FIRST", "LAST", "MATCH");
      found.path("peers").properties().forEach(peer -> row(table, peer.getKey(), peer.getValue()));
      table.print(ctl.out());
    }

    private static void row(Table table, String id, JsonNode peer) {
      table.styled(
          peer.path("role").asText().equals("LEADER") ? "green" : "",
          id,
          peer.isNull()
              ? "no answer"
              : peer.path("role").asText().toLowerCase(java.util.Locale.ROOT),
          peer.path("term").asText(),
          peer.path("votedFor").isNull() ? "" : peer.path("votedFor").asText(),
          peer.path("commitIndex").asText(),
          peer.path("lastApplied").asText(),
          peer.path("firstIndex").asText(),
          peer.path("lastIndex").asText(),
          peer.path("asTheLeaderSeesIt").path("matchIndex").asText());
    }
  }

  @Command(name = "members", description = "Who belongs to the group, and the version of that.")
  static final class Members implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Override
    public Integer call() {
      print(ctl, Endpoints.done(ctl.endpoints().get("/raft/members")).json());
      return Exit.OK;
    }

    static void print(CtlCommand ctl, JsonNode members) {
      if (ctl.isJson()) {
        ctl.print(members);
        return;
      }
      ctl.out().println("Version " + members.path("version").asLong() + ".");
      var table = new Table("PEER", "PART");
      rows(table, members.path("voters"), "voter");
      rows(table, members.path("outgoing"), "voter, leaving");
      rows(table, members.path("learners"), "learner");
      table.print(ctl.out());
    }

    private static void rows(Table table, JsonNode peers, String part) {
      peers.forEach(peer -> table.row(peer.asText(), part));
    }
  }

  @Command(
      name = "explain",
      description = {
        "Why each peer makes no progress, in words. Exits with 1 if nobody makes any."
      })
  static final class Explain implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Override
    public Integer call() {
      var found = Endpoints.done(ctl.endpoints().get("/raft/explain")).json();
      if (ctl.isJson()) {
        ctl.print(found);
      } else {
        found.path("peers").forEach(peer -> ctl.out().println(peer.path("words").asText()));
      }
      return found.path("progressing").asBoolean() ? Exit.OK : Exit.FAILED;
    }
  }

  @Command(
      name = "watch",
      description = {"The status, again and again, until Ctrl-C. With --json, one line each time."})
  static final class Watch implements Callable<Integer> {
    @ParentCommand private CtlCommand ctl;

    @Option(
        names = {"-i", "--interval"},
        paramLabel = "MS",
        defaultValue = "1000",
        description = "Milliseconds in between (1000).")
    private long interval;

    @Option(
        names = {"-n", "--count"},
        paramLabel = "TIMES",
        defaultValue = "0",
        description = "How often; 0 for ever.")
    private long count;

    @Override
    public Integer call() throws InterruptedException {
      var endpoints = ctl.endpoints();
      var exitCode = Exit.OK;
      for (var round = 1L; count == 0 || round <= count; round++) {
        exitCode = look(endpoints);
        ctl.out().flush();
        if (round != count) {
          TimeUnit.MILLISECONDS.sleep(Math.max(50, interval));
        }
      }
      return exitCode;
    }

    /** A group that is away for a while is what one watches for. */
    private int look(Endpoints endpoints) {
      try {
        var found = Status.find(endpoints);
        if (ctl.isJson()) {
          ctl.out().println(found);
        } else {
          ctl.out().print(Ansi.AUTO.enabled() ? CLEAR : "");
          Status.print(ctl, found);
        }
        return Exit.OK;
      } catch (Failure failure) {
        ctl.out().println(ctl.isJson() ? trouble(failure) : failure.getMessage());
        return failure.exitCode();
      }
    }

    private static String trouble(Failure failure) {
      return JsonNodeFactory.instance.objectNode().put("trouble", failure.getMessage()).toString();
    }
  }

  /** As one says it: {@code p1, p2}. */
  static String list(JsonNode ids) {
    return StreamSupport.stream(ids.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(", "));
  }
}
