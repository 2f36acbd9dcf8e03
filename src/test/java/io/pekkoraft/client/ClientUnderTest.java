package io.pekkoraft.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.Answered;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.client.ClientEvent.Alarm;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.OpenSession;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.pattern.StatusReply;

/** A client alone with its test, which plays the peers p1, p2 and p3. Time stands still. */
final class ClientUnderTest {
  static final PeerId P1 = PeerId.of("p1");
  static final PeerId P2 = PeerId.of("p2");
  static final PeerId P3 = PeerId.of("p3");

  private final List<Sent> sent = new ArrayList<>();
  private final Set<PeerId> away = new TreeSet<>();
  private final BehaviorTestKit<ClientEvent> kit;
  private long now = 1_000_000_000L;

  /** What the client sent, and how it is answered. */
  record Sent(PeerId to, Request<?> message, Consumer<StatusReply<Object>> answer) {}

  ClientUnderTest(String settings) {
    var config =
        RaftSettings.create(
            ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.load("in-memory.conf").getConfig("pekko-raft")));
    var access =
        new PeerAccess() {
          @Override
          @SuppressWarnings("unchecked") // The test answers with what was asked for.
          public <A> boolean ask(
              PeerId to,
              Function<ActorRef<StatusReply<A>>, Request<A>> request,
              Consumer<StatusReply<A>> answer) {
            if (away.contains(to)) {
              return false;
            }
            var message = request.apply(TestInbox.<StatusReply<A>>create().getRef());
            sent.add(
                new Sent(to, message, reply -> answer.accept((StatusReply<A>) (Object) reply)));
            return true;
          }
        };
    Behavior<ClientRequest<String, String>> behavior =
        SessionClient.create(
            new ClientSetup(
                "group", () -> List.of(P1, P2, P3), config, access, () -> now, new Random(1)));
    kit = BehaviorTestKit.create(behavior.unsafeCast());
  }

  ClientUnderTest() {
    this("");
  }

  /** Its session is open, at the leader p1. */
  static ClientUnderTest withSession(String settings) {
    var client = new ClientUnderTest(settings);
    var first = client.proposes("first");
    client.answers(OpenSession.class, SessionId.of(2));
    client.answers(ProposeOnce.class, new Answered<>("first", LogIndex.of(3)));
    assertThat(first.receiveMessage().getValue()).isEqualTo("first");
    return client;
  }

  // What it hears.

  TestInbox<StatusReply<String>> proposes(String command) {
    var inbox = TestInbox.<StatusReply<String>>create();
    hears(new ClientRequest.Propose<>(command, inbox.getRef()));
    return inbox;
  }

  TestInbox<StatusReply<String>> reads(ReadConsistency consistency) {
    var inbox = TestInbox.<StatusReply<String>>create();
    hears(new ClientRequest.Read<>("?", consistency, inbox.getRef()));
    return inbox;
  }

  TestInbox<Done> closes() {
    var inbox = TestInbox.<Done>create();
    hears(new ClientRequest.Close<>(inbox.getRef()));
    return inbox;
  }

  void isAway(PeerId peer) {
    away.add(peer);
  }

  private void hears(ClientEvent event) {
    kit.run(event);
    settle();
  }

  private void settle() {
    while (kit.isAlive() && kit.selfInbox().hasMessages()) {
      kit.run(kit.selfInbox().receiveMessage());
    }
  }

  void passes(long millis) {
    now += Duration.ofMillis(millis).toNanos();
    hears(Alarm.TICK);
  }

  void keepAliveIsDue() {
    hears(Alarm.KEEP_ALIVE);
  }

  void answers(Sent question, Object result) {
    question.answer().accept(StatusReply.success(result));
    settle();
  }

  void refuses(Sent question, RaftException refusal) {
    question.answer().accept(StatusReply.error(refusal));
    settle();
  }

  void answers(Class<?> type, Object result) {
    answers(says(type), result);
  }

  // What it says and is.

  /** The one thing that it has said since it was last looked at. */
  <M> Sent says(Class<M> type) {
    assertThat(sent).hasSize(1);
    var said = sent.remove(0);
    assertThat(said.message()).isInstanceOf(type);
    return said;
  }

  List<Sent> saysAll() {
    var all = List.copyOf(sent);
    sent.clear();
    return all;
  }

  void saysNothing() {
    assertThat(sent).isEmpty();
  }

  boolean isAlive() {
    return kit.isAlive();
  }

  void stops() {
    kit.signal(org.apache.pekko.actor.typed.PostStop.instance());
  }
}
