package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.role.Environment;
import io.pekkoraft.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.StatusReply;

/**
 * A group of peers on a network with a plug for each, in real time: what the scenarios of the lab
 * suite ask for in their short form. What is checked all the time: no two peers apply different
 * commands at one index, and none goes back.
 */
final class Lab {
  private static final AtomicLong GROUPS = new AtomicLong();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorTestKit kit;
  private final String group = "lab-" + GROUPS.incrementAndGet();
  private final SortedSet<PeerId> ids;
  private final RaftSettings settings;
  private final Map<PeerId, ActorRef<RaftMessage>> running = new ConcurrentHashMap<>();
  private final Map<PeerId, List<String>> applied = new ConcurrentHashMap<>();
  private final Map<Long, String> agreed = new ConcurrentSkipListMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Set<PeerId> unplugged = ConcurrentHashMap.newKeySet();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong heartbeats = new AtomicLong();
  private final AtomicLong payloadBytes = new AtomicLong();
  private final TestProbe<StatusReply<Integer>> replies;

  Lab(ActorTestKit kit, int peers) {
    this.kit = kit;
    // On a machine that does other things as well, a pause must not look like a dead leader.
    this.settings =
        RaftSettings.create(
            ConfigFactory.parseString(
                    "election-timeout { min = 800ms, max = 1600ms }, leadership.disk-timeout = 10s")
                .withFallback(kit.system().settings().config().getConfig("pekko-raft")));
    this.replies = kit.createTestProbe();
    var names = new String[peers];
    for (var i = 0; i < peers; i++) {
      names[i] = "p" + (i + 1);
    }
    this.ids = PeerId.setOf(names);
    ids.forEach(this::start);
  }

  /** Counts the commands that it was given: the result says how many before and with this one. */
  private final class Recorder extends StateMachine<String, Integer, Integer> {
    private final PeerId peer;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private long last;

    private Recorder(PeerId peer) {
      this.peer = peer;
      applied.put(peer, log);
    }

    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, count, command) -> {
        var index = context.index().value();
        var other = agreed.putIfAbsent(index, command);
        if (other != null && !other.equals(command)) {
          violations.add(peer + " applied " + command + " at " + index + ", another " + other);
        }
        if (index <= last) {
          violations.add(peer + " applied " + index + " after " + last);
        }
        last = index;
        log.add(command);
        return Effect().set(count + 1).thenReply(count + 1);
      };
    }
  }

  private final class Cable implements PeerNetwork {
    private final PeerId from;

    private Cable(PeerId from) {
      this.from = from;
    }

    @Override
    public void join(ActorRef<RaftMessage> self) {
      running.put(from, self);
    }

    @Override
    public void leave() {}

    @Override
    public void send(PeerId to, PeerMessage message) {
      messages.incrementAndGet();
      if (message instanceof PeerMessage.AppendEntries append) {
        payloadBytes.addAndGet(append.entries().packed().length);
        if (append.entries().isEmpty()) {
          heartbeats.incrementAndGet();
        }
      }
      var peer = running.get(to);
      if (peer != null && !unplugged.contains(from) && !unplugged.contains(to)) {
        peer.tell(message);
      }
    }
  }

  SortedSet<PeerId> peers() {
    return ids;
  }

  PeerId peer(int number) {
    return PeerId.of("p" + number);
  }

  void start(PeerId id) {
    var environment =
        new Environment(
            new Cable(id),
            System::nanoTime,
            new SplittableRandom(id.hashCode()),
            Lab::noPlace,
            event -> {});
    var peer =
        kit.<RaftMessage>spawn(
            Raft.create(group, id, Configuration.of(ids), new Recorder(id), settings, environment),
            DispatcherSelector.fromConfig(settings.dispatcher()));
    running.put(id, peer);
  }

  /** The lab's logs are too short for a snapshot. */
  private static SnapshotStore noPlace() {
    throw new UnsupportedOperationException("nobody takes a snapshot here");
  }

  /** Ends a peer; what it persisted stays. */
  void crash(PeerId id) {
    var peer = running.remove(id);
    if (peer != null) {
      kit.stop(peer);
    }
  }

  void restart(PeerId id) {
    crash(id);
    start(id);
  }

  void isolate(PeerId id) {
    unplugged.add(id);
  }

  void heal(PeerId id) {
    unplugged.remove(id);
  }

  RaftStatus status(PeerId id) {
    var probe = kit.<RaftStatus>createTestProbe();
    running.get(id).tell(new GetStatus(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(3)); // Less than who asks again has.
  }

  /** Waits until the connected peers have one leader that all of them follow. */
  PeerId awaitLeader() {
    return await(
        "a leader",
        () -> {
          var connected = connected();
          var leaders = connected.stream().map(this::status).filter(RaftStatus::isLeader).toList();
          assertThat(leaders).as("leaders").isNotEmpty();
          var newest = leaders.stream().max((a, b) -> a.term().compareTo(b.term())).orElseThrow();
          for (var id : connected) {
            assertThat(status(id).leader()).as("leader of " + id).contains(newest.id());
          }
          return newest.id();
        });
  }

  private List<PeerId> connected() {
    return ids.stream().filter(id -> running.containsKey(id) && !unplugged.contains(id)).toList();
  }

  PeerId other(PeerId... not) {
    return ids.stream().filter(id -> !List.of(not).contains(id)).findFirst().orElseThrow();
  }

  /** Proposes at one peer and does not wait. */
  TestProbe<StatusReply<Integer>> propose(PeerId id, String command) {
    var reply = kit.<StatusReply<Integer>>createTestProbe();
    running.get(id).tell(new Propose<>(command, reply.getRef()));
    return reply;
  }

  /** Proposes to whichever peer leads, until the command is applied by {@code count} peers. */
  void one(String command, int count) {
    await(
        command + " applied by " + count,
        () -> {
          if (appliedBy(command) >= count) {
            return true;
          }
          var leader =
              connected().stream().filter(id -> status(id).isLeader()).findFirst().orElseThrow();
          if (!applied.get(leader).contains(command)) {
            ActorRef<StatusReply<Integer>> replyTo = replies.getRef();
            ClientMessage proposal = new Propose<>(command, replyTo);
            running.get(leader).tell((RaftMessage) proposal);
          }
          return await(
              command,
              Duration.ofSeconds(5),
              () -> assertThat(appliedBy(command)).isEqualTo(count));
        });
  }

  /** Waits until the command, proposed before, is applied by {@code count} peers. */
  void awaitApplied(String command, int count) {
    await(command, PATIENCE, () -> assertThat(appliedBy(command)).isEqualTo(count));
  }

  long appliedBy(String command) {
    return applied.entrySet().stream()
        .filter(e -> running.containsKey(e.getKey()) && e.getValue().contains(command))
        .count();
  }

  List<String> applied(PeerId id) {
    return applied.get(id);
  }

  /** Waits, and holds that the command is applied nowhere meanwhile. */
  void staysUncommitted(String command, Duration duration) {
    kit.createTestProbe().expectNoMessage(duration);
    assertThat(appliedBy(command)).as(command).isZero();
  }

  void quiet(Duration duration) {
    kit.createTestProbe().expectNoMessage(duration);
  }

  /** Waits until all running peers have applied the same commands, and the last one at that. */
  void awaitAgreement() {
    var counted = new ArrayList<Object>();
    await(
        "agreement",
        PATIENCE,
        () -> {
          counted.clear();
          running.keySet().forEach(id -> counted.add(List.copyOf(applied.get(id))));
          assertThat(counted.stream().distinct().count()).isEqualTo(1);
        });
  }

  long messages() {
    return messages.get();
  }

  /** All messages but those that come by the clock, and the one answer to each. */
  long messagesWithoutHeartbeats() {
    return messages.get() - 2 * heartbeats.get();
  }

  long payloadBytes() {
    return payloadBytes.get();
  }

  void close() {
    List.copyOf(running.keySet()).forEach(this::crash);
    assertThat(violations).isEmpty();
  }

  <T> T await(String what, Supplier<T> condition) {
    return kit.createTestProbe(what.replaceAll("[^a-zA-Z0-9]", "-"))
        .awaitAssert(PATIENCE, Duration.ofMillis(10), condition::get);
  }

  private boolean await(String what, Duration patience, Runnable assertion) {
    kit.createTestProbe()
        .awaitAssert(
            patience,
            Duration.ofMillis(5),
            () -> {
              assertion.run();
              return true;
            });
    return true;
  }
}
