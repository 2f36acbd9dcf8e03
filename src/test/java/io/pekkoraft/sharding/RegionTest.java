package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent.PeerFailed;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** To which node a command goes. This one has peer r1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegionTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final PeerId R2 = PeerId.of("r2");
  private static final PeerId R3 = PeerId.of("r3");

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final Set<PeerId> away = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private TestProbe<GroupDesk.Message> desk;
  private ActorRef<Region.Message> region;
  private int groups;

  private record Sent(PeerId to, Delivery delivery, CompletableFuture<StatusReply<PeerId>> answer) {
    void denied(PeerId hint) {
      answer.complete(StatusReply.error(new NotLeader(Optional.ofNullable(hint))));
    }
  }

  private final class FakeWays implements Ways {
    private final CountDownLatch hears = new CountDownLatch(1);
    private int turns;

    @Override
    public void begin(ActorRef<Region.Message> here) {
      hears.countDown();
    }

    @Override
    public boolean leadElsewhere() {
      return true;
    }

    @Override
    public boolean isHere(Optional<PeerId> leader) {
      return leader.equals(Optional.of(R1));
    }

    @Override
    public Optional<PeerId> anybody(int group) {
      return Optional.of(List.of(R2, R3).get(turns++ % 2));
    }

    @Override
    public Optional<CompletionStage<StatusReply<PeerId>>> send(
        int group, PeerId leader, Delivery delivery) {
      if (away.contains(leader)) {
        return Optional.empty();
      }
      var next = new Sent(leader, delivery, new CompletableFuture<>());
      sent.add(next);
      return Optional.of(next.answer());
    }
  }

  @BeforeEach
  void begin() throws InterruptedException {
    sent.clear();
    failures.clear();
    away.clear();
    desk = kit.createTestProbe(GroupDesk.Message.class);
    // Each test hears of a group of its own.
    var ways = new FakeWays();
    region = kit.spawn(Region.create(prefix(++groups), List.of(desk.getRef()), ways));
    assertThat(ways.hears.await(10, TimeUnit.SECONDS)).isTrue();
    region.tell(new Region.Settled(Optional.empty()));
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private static String prefix(int number) {
    return "T" + number + "-";
  }

  private void learns(long term, PeerId leader) {
    var role = R1.equals(leader) ? Role.LEADER : Role.FOLLOWER;
    var event =
        new RoleChanged(prefix(groups) + 0, R1, role, Term.of(term), Optional.ofNullable(leader));
    kit.system().eventStream().tell(new EventStream.Publish<>(event));
  }

  /** The own peer leads, and the region knows. */
  private void leads(long term) {
    learns(term, R1);
    assertThat(desk.receiveMessage()).isEqualTo(new GroupDesk.Lead(R1));
  }

  /** The same of another one. */
  private void knows(long term, PeerId leader) throws Exception {
    learns(term, leader);
    var told = Optional.<PeerId>empty();
    for (var tries = 0; tries < 10_000 && !told.equals(Optional.of(leader)); tries++) {
      region.tell(new Region.Arrived(Delivery.of("a", "?", failures::add, Duration.ofSeconds(10))));
      told = ((NotLeader) failures.poll(10, TimeUnit.SECONDS)).leader();
    }
    assertThat(told).contains(leader);
  }

  private void comes(String command, Duration patience) {
    region.tell(new Region.Route(Delivery.of("a", command, failures::add, patience)));
  }

  private Sent next() throws InterruptedException {
    var next = sent.poll(10, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Test
  @DisplayName("a command goes where the own peer says that the leader is, and is decided there")
  void goesToTheLeader() throws Exception {
    leads(1);
    comes("here", Duration.ofSeconds(10));
    assertThat(((GroupDesk.Deliver) desk.receiveMessage()).delivery().command()).isEqualTo("here");
    learns(2, R3);
    assertThat(desk.receiveMessage()).isInstanceOf(GroupDesk.HandOver.class);
    comes("there", Duration.ofSeconds(10));
    assertThat(next().delivery().command()).isEqualTo("there");
  }

  @Test
  @DisplayName("a new leader's node that does not know it yet is asked again, with no other word")
  void leaderThatDoesNotKnow() throws Exception {
    knows(1, R2);
    comes("a", Duration.ofSeconds(10));
    next().denied(null);
    var again = next();
    assertThat(again.to()).isEqualTo(R2);
    again.denied(R3);
    var hinted = next();
    assertThat(hinted.to()).isEqualTo(R3);
    hinted.denied(null);
    assertThat(next().to()).as("back to what the own peer says").isEqualTo(R2);
  }

  @Test
  @DisplayName("a hint at a node that is away is forgotten")
  void hintThatLeadsNowhere() throws Exception {
    knows(1, R2);
    comes("a", Duration.ofSeconds(10));
    away.add(R3);
    next().denied(R3);
    assertThat(next().to()).isEqualTo(R2);
  }

  @Test
  @DisplayName("while nobody knows who leads, one command asks for all, and they keep their order")
  void oneAsksForAll() throws Exception {
    away.add(R2);
    away.add(R3);
    for (var i = 0; i < 5; i++) {
      comes("c" + i, Duration.ofSeconds(20));
    }
    away.clear();
    var first = next();
    assertThat(first.delivery().command()).isEqualTo("c0");
    assertThat(sent.poll(10, TimeUnit.MILLISECONDS)).isNull();
    var leader = first.to().equals(R2) ? R3 : R2;
    first.denied(leader);
    for (var i = 0; i < 5; i++) {
      var next = next();
      assertThat(next.to()).isEqualTo(leader);
      assertThat(next.delivery().command()).isEqualTo("c" + i);
      next.answer().complete(StatusReply.success(leader));
    }
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("who has served a command leads: all that wait go there at once")
  void servedByALeader() throws Exception {
    for (var i = 0; i < 5; i++) {
      comes("c" + i, Duration.ofSeconds(20));
    }
    var first = next();
    first.answer().complete(StatusReply.success(first.to()));
    for (var i = 1; i < 5; i++) {
      var next = next();
      assertThat(next.to()).isEqualTo(first.to());
      assertThat(next.delivery().command()).isEqualTo("c" + i);
    }
  }

  @Test
  @DisplayName("commands that were under way to a leader that was keep their order, and come first")
  void keepsTheOrder() throws Exception {
    knows(1, R2);
    for (var i = 0; i < 5; i++) {
      comes("c" + i, Duration.ofSeconds(20));
    }
    for (var i = 0; i < 5; i++) {
      next().denied(null);
    }
    comes("c5", Duration.ofSeconds(20));
    var probe = next();
    assertThat(probe.delivery().command()).isEqualTo("c0");
    assertThat(sent.poll(50, TimeUnit.MILLISECONDS)).as("one asks, not all of them").isNull();
    probe.answer().complete(StatusReply.success(R2));
    for (var i = 1; i < 6; i++) {
      assertThat(next().delivery().command()).isEqualTo("c" + i);
    }
  }

  @Test
  @DisplayName("what a desk hands over comes before what came later")
  void handedOverComesFirst() throws Exception {
    leads(1);
    comes("old", Duration.ofSeconds(20));
    var old = ((GroupDesk.Deliver) desk.receiveMessage()).delivery();
    away.add(R3);
    learns(2, R3);
    assertThat(desk.receiveMessage()).isInstanceOf(GroupDesk.HandOver.class);
    comes("new", Duration.ofSeconds(20));
    region.tell(new Region.Route(old));
    region.tell(new Region.Arrived(Delivery.of("a", "?", failures::add, Duration.ofSeconds(10))));
    assertThat(failures.poll(10, TimeUnit.SECONDS)).as("all before it came").isNotNull();
    away.clear();
    assertThat(next().delivery().command()).isEqualTo("old");
    assertThat(next().delivery().command()).isEqualTo("new");
  }

  @Test
  @DisplayName("whether the own peer leads nobody else knows better")
  void hintAtTheOwnPeer() throws Exception {
    knows(1, R2);
    comes("a", Duration.ofSeconds(10));
    next().denied(R1);
    assertThat(next().to()).isEqualTo(R2);
  }

  @Test
  @DisplayName("a peer that has failed leads no more")
  void ownPeerFails() throws Exception {
    leads(1);
    var failed = new PeerFailed(prefix(groups) + 0, R1, "its disk", Optional.empty());
    kit.system().eventStream().tell(new EventStream.Publish<>(failed));
    assertThat(desk.receiveMessage()).isInstanceOf(GroupDesk.HandOver.class);
    comes("a", Duration.ofSeconds(10));
    assertThat(next().to()).isIn(R2, R3);
  }

  @Test
  @DisplayName("who gave up before the groups began is not served afterwards")
  void lateWhenItBegins() throws Exception {
    var ways = new FakeWays();
    region = kit.spawn(Region.create(prefix(++groups), List.of(desk.getRef()), ways));
    comes("late", Duration.ofNanos(-1));
    comes("in time", Duration.ofSeconds(20));
    region.tell(new Region.Settled(Optional.empty()));
    assertThat(next().delivery().command()).isEqualTo("in time");
  }

  @Test
  @DisplayName("no leader in time: surely nothing; no answer: nobody can tell")
  void tellsTheOutcome() throws Exception {
    away.add(R2);
    away.add(R3);
    comes("never", Duration.ofMillis(1));
    assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(NotLeader.class);
    away.clear();
    comes("lost", Duration.ofSeconds(10));
    next().answer().completeExceptionally(new TimeoutException());
    assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  @DisplayName("what another node sends is decided if this one leads, else told so with who does")
  void arrives() throws Exception {
    leads(1);
    region.tell(new Region.Arrived(Delivery.of("a", "x", failures::add, Duration.ofSeconds(10))));
    assertThat(((GroupDesk.Deliver) desk.receiveMessage()).delivery().command()).isEqualTo("x");
    learns(2, R3);
    assertThat(desk.receiveMessage()).isInstanceOf(GroupDesk.HandOver.class);
    region.tell(new Region.Arrived(Delivery.of("a", "y", failures::add, Duration.ofSeconds(10))));
    assertThat(failures.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(NotLeader.class, it -> assertThat(it.leader()).contains(R3));
  }
}
