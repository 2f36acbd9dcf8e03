package io.pekkoraft.metrics;

import io.micrometer.core.instrument.Tags;
import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.SnapshotInstalled;
import io.pekkoraft.RaftEvent.SnapshotTaken;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Counts the events of this actor system's peers, and asks the peers how they are now and then. */
final class Watch {
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final Meters meters;
  private final Duration interval;
  private final StatusGauges gauges;

  sealed interface Message {}

  private record Heard(RaftEvent event) implements Message {}

  private record Look() implements Message {}

  private record Seen(List<LocalPeers.Answer> peers) implements Message {}

  private Watch(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Meters meters,
      Duration interval) {
    this.context = context;
    this.timers = timers;
    this.meters = meters;
    this.interval = interval;
    this.gauges = new StatusGauges(meters.registry(), meters::isAdmitted);
  }

  static Behavior<Message> create(Meters meters, Duration interval) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Watch(context, timers, meters, interval).watching()));
  }

  private Behavior<Message> watching() {
    context
        .getSystem()
        .eventStream()
        .tell(
            new EventStream.Subscribe<>(
                RaftEvent.class, context.messageAdapter(RaftEvent.class, Heard::new)));
    context.getSelf().tell(new Look());
    return Behaviors.receive(Message.class)
        .onMessage(Heard.class, heard -> count(heard.event()))
        .onMessage(Look.class, look -> look())
        .onMessage(Seen.class, seen -> show(seen.peers()))
        .build();
  }

  private Behavior<Message> count(RaftEvent event) {
    var registry = meters.registry();
    var tags = meters.tags(event.group(), event.peer().value());
    if (event.isTrouble()) {
      var name = event.getClass().getSimpleName();
      RaftMeter.TROUBLE.counter(registry, tags.and("event", name)).increment();
    }
    if (event instanceof SnapshotTaken taken) {
      count(tags.and("how", "taken"), taken.length());
    } else if (event instanceof SnapshotInstalled installed) {
      count(tags.and("how", "installed"), installed.length());
    }
    return Behaviors.same();
  }

  private void count(Tags tags, long bytes) {
    RaftMeter.SNAPSHOTS.counter(meters.registry(), tags).increment();
    RaftMeter.SNAPSHOTS_SIZE.counter(meters.registry(), tags).increment(bytes);
  }

  /** The next look waits for the answers to this one, so that they never pile up. */
  private Behavior<Message> look() {
    context.pipeToSelf(
        LocalPeers.ask(context.getSystem(), interval),
        (peers, failure) -> new Seen(failure == null ? peers : List.of()));
    return Behaviors.same();
  }

  private Behavior<Message> show(List<LocalPeers.Answer> peers) {
    gauges.show(peers);
    timers.startSingleTimer(new Look(), interval);
    return Behaviors.same();
  }
}
