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
import io.pekkoraft.tls.Certificates;
import io.pekkoraft.tls.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctl} against a server that wants a certificate, and a token for changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CtlTlsTest {
  private static final String TOKEN = "a-token-of-more-than-thirty-two-characters";

  @TempDir static Path directory;
  private ActorTestKit kit;
  private TlsFiles alice;
  private String endpoint;

  @BeforeAll
  void serve() {
    var made = Certificates.in(directory, "--node", "n1=127.0.0.1", "--client", "alice");
    alice = made.of("alice");
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    made.settings("n1") + ", pekko-raft.http.admin-token = " + TOKEN)
                .withFallback(ConfigFactory.load("unhurried.conf")));
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(
            kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
    var route = Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group, group::spawnPeer));
    var binding =
        RaftHttp.bind(kit.system(), "127.0.0.1", 0, route, KeyValueRoute.MAX_VALUE_BYTES)
            .toCompletableFuture()
            .join();
    endpoint = "https://127.0.0.1:" + binding.localAddress().getPort();
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  private Outcome asAlice(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--cacert", alice.authority().toString()));
    all.addAll(List.of("--cert", alice.certificate().toString()));
    all.addAll(List.of("--key", alice.privateKey().toString()));
    return Shell.run(
        new String[] {"ctl", "-e", endpoint, "--timeout", "60"}, all.toArray(String[]::new));
  }

  @Test
  @DisplayName("with a certificate it gets through, and with the token it changes the group")
  void getsThrough() {
    asAlice("put", "x", "y").exits(Exit.OK);
    assertThat(asAlice("get", "x").exits(Exit.OK).out().strip()).isEqualTo("y");
    assertThat(asAlice("transfer").exits(Exit.FAILED).err()).contains("--token");
    asAlice("transfer", "--token", TOKEN).exits(Exit.OK);
  }

  @Test
  @DisplayName("without a certificate it is told which options to give")
  void turnedAway() {
    var stranger = Shell.run("ctl", "-e", endpoint, "status").exits(Exit.NOT_REACHABLE);
    assertThat(stranger.err()).contains("--cacert", "--cert", "--key");
    var key = alice.privateKey().toString();
    var authority = alice.authority().toString();
    var lost =
        Shell.run("ctl", "--cacert", authority, "--cert", "nowhere.crt", "--key", key, "status");
    assertThat(lost.exits(Exit.FAILED).err()).contains("nowhere.crt");
  }
}
