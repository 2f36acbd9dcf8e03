package io.pekkoraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.cli.Shell.Outcome;
import io.pekkoraft.demo.IdempotentKeyValue;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.demo.KeyValueRoute;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code ctl} against a server as the demo's. */
class CtlTest {
  private ActorTestKit kit;
  private String endpoint;

  @BeforeEach
  void serve() {
    kit = ActorTestKit.create("ctl", ConfigFactory.load("unhurried.conf"));
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(
            kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
    var route = Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group, group::spawnPeer));
    var binding =
        RaftHttp.bind(kit.system(), "127.0.0.1", 0, route, KeyValueRoute.MAX_VALUE_BYTES)
            .toCompletableFuture()
            .join();
    endpoint = "http://127.0.0.1:" + binding.localAddress().getPort();
  }

  @AfterEach
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Outcome ctl(String... arguments) {
    return Shell.run(new String[] {"ctl", "--endpoint", endpoint, "--timeout", "60"}, arguments);
  }

  private static String unused() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("a value is put, read, replaced under a condition, and removed")
  void keys() {
    var first = ctl("put", "seat 12A/ü", "free", "--json").exits(Exit.OK).json();
    assertThat(ctl("get", "seat 12A/ü").exits(Exit.OK).out().strip()).isEqualTo("free");
    var version = first.get("version").asText();
    ctl("put", "seat 12A/ü", "taken", "--if-version", version).exits(Exit.OK);
    assertThat(ctl("put", "seat 12A/ü", "again", "--if-version", version).exits(Exit.FAILED).err())
        .isNotBlank();
    ctl("put", "seat 12A/ü", "again", "--if-absent").exits(Exit.FAILED);
    var found = ctl("get", "seat 12A/ü", "--json", "--read", "follower").exits(Exit.OK).json();
    assertThat(found.get("value").asText()).isEqualTo("taken");
    ctl("delete", "seat 12A/ü").exits(Exit.OK);
    ctl("get", "seat 12A/ü").exits(Exit.FAILED);
    ctl("delete", "seat 12A/ü").exits(Exit.FAILED);
    ctl("put", "x", "y", "--if-absent", "--if-version", "1").exits(Exit.USAGE);
  }

  @Test
  @DisplayName("the status is a line for each peer, the leader's among them, and no colour")
  void status() {
    ctl("put", "x", "y").exits(Exit.OK);
    var table = ctl("status").exits(Exit.OK);
    assertThat(table.out().lines().toList()).hasSize(5);
    assertThat(table.out()).contains("Group kv: p", "PEER", "leader", "follower", "p1", "p2", "p3");
    assertThat(table.out()).doesNotContain("\u001B");
    var json = ctl("status", "--json").exits(Exit.OK).json();
    assertThat(json.get("peers").size()).isEqualTo(3);
    var leader = json.get("leader").asText();
    assertThat(json.get("peers").get(leader).get("role").asText()).isEqualTo("LEADER");
    assertThat(ctl("watch", "-n", "2", "-i", "50", "--json").exits(Exit.OK).out().lines())
        .hasSize(2);
  }

  @Test
  @DisplayName("members come as learners, are promoted, and go")
  void members() {
    ctl("put", "x", "y").exits(Exit.OK);
    assertThat(ctl("add", "p4", "--learner").exits(Exit.OK).out()).containsPattern("p4 +learner");
    assertThat(ctl("promote", "p4").exits(Exit.OK).out()).containsPattern("p4 +voter");
    assertThat(ctl("promote", "p4").exits(Exit.FAILED).err()).contains("p4 is no learner");
    ctl("remove", "p4", "p1").exits(Exit.OK);
    var now = ctl("members", "--json").exits(Exit.OK).json();
    assertThat(now.get("voters").toString()).isEqualTo("[\"p2\",\"p3\"]");
    assertThat(ctl("remove", "p9").exits(Exit.FAILED).err()).contains("p9");
  }

  @Test
  @DisplayName("the office goes to whom it shall; snapshots are taken; no progress is explained")
  void office() {
    ctl("put", "x", "y").exits(Exit.OK);
    var leader = ctl("status", "--json").json().get("leader").asText();
    var next = leader.equals("p2") ? "p3" : "p2";
    assertThat(ctl("transfer", next).exits(Exit.OK).out()).contains(next);
    ctl("get", "x").exits(Exit.OK); // It has won by then.
    assertThat(ctl("status", "--json").json().get("leader").asText()).isEqualTo(next);
    assertThat(ctl("snapshot").exits(Exit.OK).out()).contains("INDEX", "p1", "p2", "p3");
    assertThat(ctl("explain").exits(Exit.OK).out()).contains(next + " (LEADER)");
    assertThat(ctl("explain", "--json").exits(Exit.OK).json().get("progressing").asBoolean())
        .isTrue();
  }

  @Test
  @DisplayName("where nobody listens the next endpoint is asked; with none left it says what to do")
  void triesEachEndpoint() {
    var nobody = unused();
    Shell.run("ctl", "-e", nobody + "," + endpoint, "put", "x", "y").exits(Exit.OK);
    Shell.run("ctl", "-e", nobody, "-e", endpoint, "members").exits(Exit.OK);
    var lost = Shell.run("ctl", "-e", nobody, "transfer").exits(Exit.NOT_REACHABLE);
    assertThat(lost.err()).contains(nobody, "nobody listens", "--endpoint");
  }

  @Test
  @DisplayName("who does not answer in time leaves a change unknown, and a look unreached")
  void noAnswer() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var there = "http://127.0.0.1:" + silent.getLocalPort();
      var change = Shell.run("ctl", "-e", there, "--timeout", "1", "transfer");
      assertThat(change.exits(Exit.UNKNOWN).err()).contains("look before you repeat it");
      Shell.run("ctl", "-e", there, "--timeout", "1", "status").exits(Exit.NOT_REACHABLE);
    }
  }

  @Test
  @DisplayName("what is no endpoint, and half of a TLS identity, are usage errors")
  void usage() {
    Shell.run("ctl", "-e", "127.0.0.1:8080", "status").exits(Exit.USAGE);
    Shell.run("ctl", "--timeout", "0", "status").exits(Exit.USAGE);
    Shell.run("ctl", "--cert", "x.pem", "status").exits(Exit.USAGE);
    Shell.run("ctl").exits(Exit.USAGE);
  }
}
