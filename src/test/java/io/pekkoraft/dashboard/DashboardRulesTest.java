package io.pekkoraft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard's parts promise, each alone. */
class DashboardRulesTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");

  @Test
  @DisplayName("whoever comes back gets what came after the event it names, and is told of a gap")
  void resumes() {
    var past = new PastEvents("run", 3);
    for (var i = 1; i <= 5; i++) {
      past.add("event " + i);
    }
    assertThat(data(past.since(Optional.of("run-4")))).containsExactly("event 5");
    assertThat(past.since(Optional.of("run-4")).missed()).isZero();
    assertThat(data(past.since(Optional.of("run-5")))).isEmpty();
    assertThat(data(past.since(Optional.of("run-1"))))
        .containsExactly("event 3", "event 4", "event 5");
    assertThat(past.since(Optional.of("run-1")).missed()).isEqualTo(1);
  }

  @ParameterizedTest
  @DisplayName("a name of another process, or nonsense, gets all that is kept, and no gap")
  @ValueSource(strings = {"other-4", "run-x", "", "run-", "run-99"})
  void otherNames(String name) {
    var past = new PastEvents("run", 3);
    past.add("event");
    var since = past.since(Optional.of(name));
    assertThat(since.missed()).isZero();
    assertThat(data(since)).hasSize(name.equals("run-99") ? 0 : 1);
    assertThat(data(past.since(Optional.empty()))).containsExactly("event");
  }

  private static List<String> data(PastEvents.Since since) {
    return since.events().stream().map(ServerSentEvent::getData).toList();
  }

  @Test
  @DisplayName("a page that is too slow loses what it can't take, and hears how much")
  void slowViewer() throws Exception {
    var kit = ActorTestKit.create("viewer", ConfigFactory.load("in-memory.conf"));
    try {
      var running = Source.<ServerSentEvent>queue(2).toMat(Sink.queue(1), (q, s) -> new Pair(q, s));
      var pair = running.run(kit.system());
      var viewer = new Viewer(pair.queue());
      for (var i = 0; i < 50; i++) {
        assertThat(viewer.tell(ServerSentEvent.create("event " + i))).isTrue();
      }
      var told = 50;
      var next = 0;
      var lost = 0;
      var last = pull(pair);
      assertThat(last.getData()).isEqualTo("event 0");
      while (lost == 0 || isLoss(last)) {
        next += isLoss(last) ? 0 : 1;
        viewer.tell(ServerSentEvent.create("event " + told++));
        last = pull(pair);
        if (isLoss(last)) {
          lost += count(last);
          next += count(last);
        } else {
          assertThat(last.getData()).isEqualTo("event " + next);
        }
      }
      pair.sink().cancel();
      kit.createTestProbe()
          .awaitAssert(
              () -> {
                assertThat(viewer.tell(ServerSentEvent.create("nobody"))).isFalse();
                return true;
              });
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static ServerSentEvent pull(Pair pair) throws Exception {
    return pair.sink().pull().toCompletableFuture().get().orElseThrow();
  }

  private static boolean isLoss(ServerSentEvent event) {
    return event.getEventType().equals(Optional.of("lost"));
  }

  private static int count(ServerSentEvent event) {
    return Integer.parseInt(event.getData().replaceAll("\\D", ""));
  }

  private record Pair(
      BoundedSourceQueue<ServerSentEvent> queue, SinkQueueWithCancel<ServerSentEvent> sink) {}

  @Test
  @DisplayName("a label is short, and shows what can be seen")
  void labels() {
    assertThat(Labels.printable("put a\nb\u0000")).isEqualTo("put a\u00B7b\u00B7");
    assertThat(Labels.printable("\uD83D\uDE00".repeat(48))).isEqualTo("\uD83D\uDE00".repeat(48));
    assertThat(Labels.printable("x".repeat(49))).isEqualTo("x".repeat(48) + "\u2026");
  }

  @ParameterizedTest
  @DisplayName("a setting out of its bounds is refused, and the error names it")
  @ValueSource(
      strings = {
        "frame-interval = 1ms",
        "flights-interval = 0s",
        "max-flights = 0",
        "log-entries = 0",
        "log-entries = 257",
        "max-viewers = 0",
        "viewer-buffer = 1",
        "kept-events = 0"
      })
  void settings(String setting) {
    var config =
        ConfigFactory.parseString("pekko-raft.dashboard." + setting)
            .withFallback(ConfigFactory.load());
    assertThatThrownBy(() -> DashboardSettings.create(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko-raft.dashboard." + setting.split(" ")[0]);
    assertThat(DashboardSettings.create(ConfigFactory.load()).maxViewers()).isPositive();
  }

  private static RaftStatus status(
      PeerId id, RaftStatus.Role role, long term, Optional<PeerId> leader, long match) {
    return status("g1", id, role, term, leader, match);
  }

  private static RaftStatus status(
      String group,
      PeerId id,
      RaftStatus.Role role,
      long term,
      Optional<PeerId> leader,
      long match) {
    var followers = new TreeMap<PeerId, FollowerStatus>();
    if (role == RaftStatus.Role.LEADER) {
      followers.put(
          P2,
          new FollowerStatus(
              LogIndex.of(match), LogIndex.of(match + 1), FollowerStatus.State.REPLICATE));
    }
    return new RaftStatus(
        id,
        group,
        role,
        Term.of(term),
        leader,
        Optional.empty(),
        LogIndex.of(9),
        LogIndex.of(9),
        LogIndex.of(1),
        LogIndex.of(10),
        followers,
        VersionedConfiguration.bootstrap(Configuration.of(PeerId.setOf("p1", "p2"))),
        false,
        false);
  }

  @Test
  @DisplayName("of several peers of a group, the leader's word counts, and who knows a leader")
  void groups() {
    var leader = status(P1, RaftStatus.Role.LEADER, 4, Optional.of(P1), 3);
    var follower = status(P2, RaftStatus.Role.FOLLOWER, 4, Optional.of(P1), 0);
    var group = GroupsRoute.json(List.of(follower, leader)).get("groups").get(0);
    assertThat(group.get("leads").booleanValue()).isTrue();
    assertThat(group.get("lag").longValue()).isEqualTo(7);
    assertThat(group.get("here")).hasSize(2);
    var alone = GroupsRoute.json(List.of(follower)).get("groups").get(0);
    assertThat(alone.get("leads").booleanValue()).isFalse();
    assertThat(alone.get("leader").textValue()).isEqualTo("p1");
    assertThat(alone.get("lag").isNull()).isTrue();
  }

  @Test
  @DisplayName("a thousand groups of three are told in 150 kB, and in a tenth of that packed")
  void thousandGroups() throws IOException {
    var peers = new ArrayList<RaftStatus>();
    for (var i = 0; i < 1000; i++) {
      var leader = Optional.of(PeerId.of("p" + (1 + i % 3)));
      for (var id : PeerId.setOf("p1", "p2", "p3")) {
        var role = leader.get().equals(id) ? RaftStatus.Role.LEADER : RaftStatus.Role.FOLLOWER;
        peers.add(status("orders-shard-" + i, id, role, 4, leader, 3));
      }
    }
    var json = GroupsRoute.json(peers);
    assertThat(json.get("groups")).hasSize(1000);
    var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(bytes).hasSizeLessThan(150_000);
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    assertThat(packed.size()).isLessThan(15_000);
  }
}
