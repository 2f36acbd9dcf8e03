package io.pekkoraft;

import io.pekkoraft.RaftEvent.PeerFailed;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.protocol.ClientMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.MDC;

/**
 * The parent of a group's peers in one actor system. A peer that fails is spawned anew after a
 * while; until then there is none, so that nobody waits for it. One that saw what can't be stays
 * down, and so does one that was stopped, until it is started.
 */
final class GroupGuardian extends AbstractBehavior<GroupGuardian.Message> {
  /** How long a peer that nobody finds any more answers those who had found it before. */
  private static final Duration LINGER = Duration.ofMillis(50);

  private final TimerScheduler<Message> timers;
  private final String group;
  private final SortedSet<PeerId> founders;
  private final Supplier<? extends StateMachine<?, ?, ?>> machine;
  private final RaftSettings settings;
  private final Map<ActorRef<?>, PeerId> running = new HashMap<>();
  private final Map<PeerId, List<Runnable>> stopping = new HashMap<>();
  private final Map<PeerId, Restarts> restarts = new HashMap<>();
  private final Map<PeerId, String> failures = new HashMap<>();
  private int spawned;

  /** What the guardian hears. */
  sealed interface Message {}

  /** Stops all peers, and answers when they have stopped. */
  record Stop(ActorRef<Done> replyTo) implements Message {}

  /** Stops a peer that leads no more, and answers when it has stopped. */
  record StopPeer(PeerId peer, ActorRef<Done> replyTo) implements Message {}

  /** Spawns a peer unless it runs, and answers when that is so. */
  record StartPeer(PeerId peer, ActorRef<Done> replyTo) implements Message {}

  /** Answers with what those peers said that have failed and are not back. */
  record GetFailures(ActorRef<Map<PeerId, String>> replyTo) implements Message {}

  private record Lingered(PeerId peer, ActorRef<?> ref) implements Message {}

  private record Respawn(PeerId peer) implements Message {}

  /** How often a peer failed in a row, and when it last began. */
  private record Restarts(int failures, long since) {}

  private GroupGuardian(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      String group,
      SortedSet<PeerId> own,
      SortedSet<PeerId> founders,
      Supplier<? extends StateMachine<?, ?, ?>> machine,
      RaftSettings settings) {
    super(context);
    this.timers = timers;
    this.group = group;
    this.founders = founders;
    this.machine = machine;
    this.settings = settings;
    own.forEach(this::spawn);
  }

  /**
   * @param own the peers that run here
   * @param founders who founded the group, here and elsewhere
   */
  static Behavior<Message> create(
      String group,
      SortedSet<PeerId> own,
      SortedSet<PeerId> founders,
      Supplier<? extends StateMachine<?, ?, ?>> machine,
      RaftSettings settings) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new GroupGuardian(context, timers, group, own, founders, machine, settings)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Stop.class, stop -> Behaviors.stopped(() -> stop.replyTo().tell(Done.done())))
        .onMessage(StopPeer.class, this::onStopPeer)
        .onMessage(Lingered.class, this::onLingered)
        .onMessage(StartPeer.class, this::onStartPeer)
        .onMessage(GetFailures.class, this::onGetFailures)
        .onMessage(Respawn.class, respawn -> spawn(respawn.peer()))
        .onSignal(ChildFailed.class, this::onFailed)
        .onSignal(Terminated.class, terminated -> onDown(running.remove(terminated.getRef())))
        .build();
  }

  private Behavior<Message> onStopPeer(StopPeer stop) {
    var peer = stop.peer();
    timers.cancel(peer);
    stopping
        .computeIfAbsent(peer, first -> new ArrayList<>())
        .add(() -> stop.replyTo().tell(Done.done()));
    running.entrySet().stream()
        .filter(entry -> entry.getValue().equals(peer))
        .findFirst()
        .ifPresentOrElse(
            entry -> {
              Directory.of(getContext().getSystem()).hide(group, peer);
              timers.startSingleTimer(peer, new Lingered(peer, entry.getKey()), LINGER);
            },
            () -> onDown(peer));
    return this;
  }

  private Behavior<Message> onGetFailures(GetFailures request) {
    request.replyTo().tell(Map.copyOf(failures));
    return this;
  }

  private Behavior<Message> onLingered(Lingered lingered) {
    if (running.containsKey(lingered.ref())) {
      getContext().stop(lingered.ref());
    }
    return this;
  }

  private Behavior<Message> onDown(PeerId peer) {
    var waiting = stopping.remove(peer);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
    return this;
  }

  /** One that is about to stop is started when it has. */
  private Behavior<Message> onStartPeer(StartPeer start) {
    if (stopping.containsKey(start.peer())) {
      stopping.get(start.peer()).add(() -> onStartPeer(start));
      return this;
    }
    if (!running.containsValue(start.peer())) {
      timers.cancel(start.peer());
      restarts.remove(start.peer());
      spawn(start.peer());
    }
    start.replyTo().tell(Done.done());
    return this;
  }

  /** Whoever did not found the group joins it, if its journal does not tell. */
  private Behavior<Message> spawn(PeerId peer) {
    Behavior<ClientMessage> behavior =
        Behaviors.setup(
            context ->
                founders.contains(peer)
                    ? Raft.create(group, peer, founders, machine.get(), settings)
                    : Raft.join(group, peer, machine.get(), settings));
    var ref =
        getContext()
            .spawn(
                behavior,
                peer + "-" + ++spawned,
                DispatcherSelector.fromConfig(settings.dispatcher()));
    getContext().watch(ref);
    running.put(ref, peer);
    failures.remove(peer);
    var failures = restarts.containsKey(peer) ? restarts.get(peer).failures() : 0;
    restarts.put(peer, new Restarts(failures, System.nanoTime()));
    return this;
  }

  private Behavior<Message> onFailed(ChildFailed failed) {
    var peer = running.remove(failed.getRef());
    if (stopping.containsKey(peer)) {
      timers.cancel(peer);
      return onDown(peer);
    }
    var reason = reason(failed.cause());
    failures.put(peer, reason);
    if (failed.cause() instanceof SafetyViolation) {
      tell(new PeerFailed(group, peer, reason, Optional.empty()));
      return this;
    }
    var wait = backoff(peer);
    tell(new PeerFailed(group, peer, reason, Optional.of(wait)));
    timers.startSingleTimer(peer, new Respawn(peer), wait);
    return this;
  }

  /** What was said first, and what was at the bottom of it: no space left on the disk, perhaps. */
  private static String reason(Throwable failure) {
    var said = String.valueOf(failure.getMessage());
    var root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    var bottom = String.valueOf(root.getMessage());
    return said.contains(bottom) ? said : said + ": " + bottom;
  }

  private void tell(PeerFailed event) {
    MDC.put("group", group);
    MDC.put("peer", event.peer().value());
    try {
      if (event.backIn().isPresent()) {
        getContext().getLog().warn("{}/{} {}", group, event.peer(), event.inWords());
      } else {
        getContext().getLog().error("{}/{} {}", group, event.peer(), event.inWords());
      }
    } finally {
      MDC.remove("group");
      MDC.remove("peer");
    }
    getContext().getSystem().eventStream().tell(new EventStream.Publish<>(event));
  }

  /** Doubles with each failure; one that held out for the longest wait begins anew. */
  private Duration backoff(PeerId peer) {
    var bounds = settings.restartBackoff();
    var before = restarts.get(peer);
    var heldOut = System.nanoTime() - before.since() > bounds.max().toNanos();
    var failures = heldOut ? 0 : before.failures();
    restarts.put(peer, new Restarts(failures + 1, before.since()));
    var wait = bounds.min();
    for (var i = 0; i < failures && wait.compareTo(bounds.max()) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(bounds.max()) < 0 ? wait : bounds.max();
  }
}
