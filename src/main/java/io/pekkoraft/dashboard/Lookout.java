package io.pekkoraft.dashboard;

import io.pekkoraft.Isolation;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftTap;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.stream.BoundedSourceQueue;

/**
 * Watches a group and tells the pages that look on. It always hears the events, which are few; it
 * asks the peers how they are, and listens to what they send, only while there is such a page.
 */
final class Lookout extends AbstractBehavior<Lookout.Message> {
  /** How long a peer of this process may take to answer; it is asked anew only then. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final RaftGroup<?, ?> group;
  private final String name;
  private final DashboardSettings settings;
  private final TimerScheduler<Message> timers;
  private final Labels labels;
  private final ServerSentEvent hello;
  private final Flights flights;
  private final PastEvents past;
  private final List<Viewer> viewers = new ArrayList<>();
  private final SortedMap<PeerId, Sight> sights = new TreeMap<>();
  private final Set<PeerId> asked = new HashSet<>();

  /** What the lookout hears. */
  sealed interface Message {}

  /**
   * A page wants to look on.
   *
   * @param after the name of the last event that it has heard
   */
  record Watch(BoundedSourceQueue<ServerSentEvent> queue, Optional<String> after)
      implements Message {}

  private record Happened(RaftEvent event) implements Message {}

  private record Look() implements Message {}

  private record TellFlights() implements Message {}

  private record Saw(Sight sight) implements Message {}

  private Lookout(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Dashboard.Setup setup,
      Labels labels) {
    super(context);
    this.timers = timers;
    this.group = setup.group();
    this.name = setup.name();
    this.settings = setup.settings();
    this.labels = labels;
    this.hello = Messages.hello(name, setup.abilities(), setup.raft(), settings);
    this.flights = new Flights(name, settings.maxFlights());
    this.past =
        new PastEvents(Long.toString(System.currentTimeMillis(), 36), settings.keptEvents());
    var events = context.messageAdapter(RaftEvent.class, Happened::new);
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(RaftEvent.class, events));
  }

  static Behavior<Message> create(Dashboard.Setup setup, Labels labels) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Lookout(context, timers, setup, labels)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Watch.class, this::onWatch)
        .onMessage(Happened.class, this::onHappened)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Saw.class, this::onSaw)
        .onMessage(TellFlights.class, tell -> onTellFlights())
        .build();
  }

  private Behavior<Message> onWatch(Watch watch) {
    var viewer = new Viewer(watch.queue());
    if (viewers.size() >= settings.maxViewers()) {
      tellAll(ServerSentEvent.heartbeat()); // Some may have left.
    }
    if (viewers.size() >= settings.maxViewers()) {
      viewer.tell(Messages.full(settings.maxViewers()));
      viewer.end();
      return this;
    }
    viewer.tell(hello);
    var since = past.since(watch.after());
    if (since.missed() > 0) {
      viewer.tell(Messages.lost(since.missed()));
    }
    // Beside the frames, which come at once: what is older has to give way.
    var room = Math.max(1, settings.viewerBuffer() / 2);
    var events = since.events();
    events.subList(Math.max(0, events.size() - room), events.size()).forEach(viewer::tell);
    viewers.add(viewer);
    if (viewers.size() == 1) {
      begin();
    }
    return this;
  }

  private void begin() {
    sights.clear();
    flights.take();
    flights.takeTimes();
    RaftTap.of(getContext().getSystem()).add(flights);
    timers.startTimerAtFixedRate(new Look(), Duration.ZERO, settings.frameInterval());
    timers.startTimerAtFixedRate(new TellFlights(), settings.flightsInterval());
  }

  private void end() {
    RaftTap.of(getContext().getSystem()).remove(flights);
    timers.cancelAll();
  }

  private void tellAll(ServerSentEvent event) {
    var before = viewers.size();
    viewers.removeIf(viewer -> !viewer.tell(event));
    if (before > 0 && viewers.isEmpty()) {
      end();
    }
  }

  private Behavior<Message> onHappened(Happened happened) {
    if (happened.event().group().equals(name)) {
      var json = Messages.event(happened.event(), System.currentTimeMillis());
      tellAll(past.add(json.toString()));
    }
    return this;
  }

  private Behavior<Message> onTellFlights() {
    var taken = flights.take();
    if (taken.total() > 0) {
      tellAll(Messages.flights(taken, isolated()));
    }
    return this;
  }

  private TreeSet<PeerId> isolated() {
    return new TreeSet<>(Isolation.of(getContext().getSystem()).isolated(name));
  }

  /** Tells what is known, if somebody has not answered since the last time, and asks anew. */
  private Behavior<Message> onLook() {
    if (!asked.isEmpty()) {
      tellFrame();
    }
    for (var peer : group.peers()) {
      if (asked.add(peer)) {
        getContext()
            .pipeToSelf(
                look(peer),
                (sight, failure) ->
                    new Saw(failure == null ? sight : Sight.of(peer, Optional.empty())));
      }
    }
    return this;
  }

  /** One that does not run in here may run elsewhere, and then its log is not seen. */
  private CompletionStage<Sight> look(PeerId peer) {
    return group
        .inspect(peer, settings.logEntries(), PATIENCE)
        .thenCompose(
            inside ->
                inside
                    .<CompletionStage<Sight>>map(
                        seen -> CompletableFuture.completedStage(Sight.of(peer, seen)))
                    .orElseGet(
                        () -> group.status(peer).thenApply(status -> Sight.of(peer, status))));
  }

  private Behavior<Message> onSaw(Saw saw) {
    asked.remove(saw.sight().peer());
    sights.put(saw.sight().peer(), saw.sight());
    if (asked.isEmpty()) {
      tellFrame();
    }
    return this;
  }

  private void tellFrame() {
    if (!viewers.isEmpty() && !sights.isEmpty()) {
      var now = System.currentTimeMillis();
      var frame = new Frame(name, now, sights.values(), isolated(), flights.takeTimes());
      tellAll(Messages.message("frame", frame.json(labels)));
    }
  }
}
