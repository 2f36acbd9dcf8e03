package io.pekkoraft.role;

import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.Inspection;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.protocol.SnapshotWork.Loaded;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.storage.RaftStore;
import io.pekkoraft.storage.SnapshotWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/**
 * Before the first role: the store reads its journal. What other peers say meanwhile is as good as
 * lost, which Raft allows; clients are sent elsewhere.
 */
public final class Recovering extends AbstractBehavior<RaftMessage> {
  private final TimerScheduler<RaftMessage> timers;
  private final PeerSetup setup;
  private final ActorRef<RaftStore.Command> store;
  private final SnapshotDesk desk;
  private final long began;
  private Optional<Recovered> recovered = Optional.empty();

  private Recovering(
      ActorContext<RaftMessage> context, TimerScheduler<RaftMessage> timers, PeerSetup setup) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    this.began = nanoTime();
    setup.environment().network().join(context.getSelf());
    this.store =
        context.spawn(
            setup.store(), "store", DispatcherSelector.fromConfig(setup.settings().dispatcher()));
    context.watch(store);
    this.desk = SnapshotDesk.spawn(context, setup);
    store.tell(new RaftStore.Load(context.getSelf().narrow()));
  }

  public static Behavior<RaftMessage> create(PeerSetup setup) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Recovering(context, timers, setup)));
  }

  @Override
  public Receive<RaftMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Recovered.class, this::onRecovered)
        .onMessage(Loaded.class, this::onLoaded)
        .onMessage(ClientMessage.Request.class, this::onRequest)
        .onMessage(ClientMessage.GetStatus.class, this::onGetStatus)
        .onMessage(ClientMessage.Inspect.class, this::onInspect)
        .onMessage(ClientMessage.Explain.class, this::onExplain)
        .onMessage(ClientMessage.StepAside.class, this::onStepAside)
        .onAnyMessage(message -> this)
        .onSignal(
            ChildFailed.class,
            failure -> {
              onEnd(); // The actor hears of its end only when its other children have ended.
              return stopWith(failure);
            })
        .onSignal(PostStop.class, stop -> onEnd())
        .onSignal(PreRestart.class, restart -> onEnd())
        .build();
  }

  /** The state is what the snapshot says, and what the log after it makes of it. */
  private Behavior<RaftMessage> onRecovered(Recovered journal) {
    if (journal.snapshot().isEmpty()) {
      return begin(journal, Optional.empty());
    }
    recovered = Optional.of(journal);
    desk.writer().tell(new SnapshotWriter.Load(journal.snapshot().get()));
    return this;
  }

  private Behavior<RaftMessage> onLoaded(Loaded loaded) {
    return begin(recovered.orElseThrow(), Optional.of(loaded.state()));
  }

  private Behavior<RaftMessage> begin(Recovered journal, Optional<State> state) {
    var peer = new Peer(getContext(), timers, setup, store, desk, journal, state);
    return new Transitions(peer).start();
  }

  private Behavior<RaftMessage> onRequest(ClientMessage.Request<?> request) {
    request.replyTo().tell(StatusReply.error(new NotLeader(Optional.empty())));
    return this;
  }

  private Behavior<RaftMessage> onExplain(ClientMessage.Explain request) {
    var since = Duration.ofNanos(nanoTime() - began);
    request
        .replyTo()
        .tell(
            new Explanation(
                setup.id(),
                setup.group(),
                Optional.of(RaftStatus.Role.RECOVERING),
                Term.ZERO,
                List.of(new Finding.Recovering(since))));
    return this;
  }

  private long nanoTime() {
    return setup.environment().nanoTime().getAsLong();
  }

  private Behavior<RaftMessage> onStepAside(ClientMessage.StepAside request) {
    request.replyTo().tell(Done.done());
    return this;
  }

  private Behavior<RaftMessage> onGetStatus(ClientMessage.GetStatus request) {
    request.replyTo().tell(status());
    return this;
  }

  private Behavior<RaftMessage> onInspect(ClientMessage.Inspect request) {
    request
        .replyTo()
        .tell(
            new Inspection(
                status(), Optional.empty(), Optional.empty(), LogIndex.of(1), List.of()));
    return this;
  }

  /** Nothing is known yet. */
  private RaftStatus status() {
    return new RaftStatus(
        setup.id(),
        setup.group(),
        RaftStatus.Role.RECOVERING,
        Term.ZERO,
        Optional.empty(),
        Optional.empty(),
        LogIndex.ZERO,
        LogIndex.ZERO,
        LogIndex.of(1),
        LogIndex.ZERO,
        Collections.unmodifiableSortedMap(new TreeMap<>()),
        VersionedConfiguration.bootstrap(Configuration.NONE),
        false,
        false);
  }

  private Behavior<RaftMessage> onEnd() {
    setup.environment().network().leave();
    desk.halt().call();
    return this;
  }

  /** A peer without its store or its snapshots can't keep a promise: it stops, and says why. */
  static Behavior<RaftMessage> stopWith(ChildFailed failure) {
    throw new IllegalStateException(
        "The "
            + failure.getRef().path().name()
            + " failed, so this peer stops: "
            + failure.cause().getMessage(),
        failure.cause());
  }
}
