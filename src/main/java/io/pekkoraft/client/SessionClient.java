package io.pekkoraft.client;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.client.ClientEvent.Alarm;
import io.pekkoraft.client.ClientEvent.Answer;
import io.pekkoraft.client.ClientRequest.Close;
import io.pekkoraft.client.ClientRequest.Propose;
import io.pekkoraft.client.ClientRequest.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/** The client as an actor: takes requests within its bounds, and lets time pass. */
public final class SessionClient<C, R> extends AbstractBehavior<ClientEvent> {
  /** A session is kept alive so many times before it would expire. */
  private static final int WORDS_A_LIFE = 3;

  private final TimerScheduler<ClientEvent> timers;
  private final ClientSetup setup;
  private final RaftSettings.Client settings;
  private final Errands errands;
  private final ClientSession session;
  private final ClientReads<R> reads;
  private final ClientCommands<R> commands;
  private final List<ActorRef<Done>> closing = new ArrayList<>();
  private boolean ticking;
  private boolean closed;

  private SessionClient(
      ActorContext<ClientEvent> context, TimerScheduler<ClientEvent> timers, ClientSetup setup) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    this.settings = setup.settings().client();
    this.errands = new Errands(setup, context.getSelf());
    this.session = new ClientSession(setup, errands);
    this.reads = new ClientReads<>(errands);
    this.commands = new ClientCommands<>(setup, errands, session, reads);
    timers.startTimerWithFixedDelay(Alarm.KEEP_ALIVE, Alarm.KEEP_ALIVE, betweenWords());
  }

  public static <C, R> Behavior<ClientRequest<C, R>> create(ClientSetup setup) {
    return Behaviors.<ClientEvent>setup(
            context ->
                Behaviors.withTimers(timers -> new SessionClient<C, R>(context, timers, setup)))
        .narrow();
  }

  private Duration betweenWords() {
    var third = setup.settings().sessions().expireAfter().dividedBy(WORDS_A_LIFE);
    return third.compareTo(settings.retryBackoff()) > 0 ? third : settings.retryBackoff();
  }

  @Override
  public Receive<ClientEvent> createReceive() {
    return newReceiveBuilder()
        .onMessage(Answer.class, this::onAnswer)
        .onMessage(SessionClient.<Propose<C, R>>typed(Propose.class), this::onPropose)
        .onMessage(SessionClient.<Read<C, R>>typed(Read.class), this::onRead)
        .onMessageEquals(Alarm.TICK, this::onTick)
        .onMessageEquals(Alarm.KEEP_ALIVE, this::onKeepAlive)
        .onMessage(SessionClient.<Close<C, R>>typed(Close.class), this::onClose)
        .onSignal(PostStop.class, stop -> onEnd())
        .build();
  }

  @SuppressWarnings("unchecked") // Its own type of requests is all that is ever sent to it.
  private static <T> Class<T> typed(Class<? super T> raw) {
    return (Class<T>) raw;
  }

  // Requests.

  private Behavior<ClientEvent> onPropose(Propose<C, R> request) {
    if (isRoomFor(request.replyTo())) {
      commands.propose(request, deadline());
      keepTicking();
    }
    return this;
  }

  private Behavior<ClientEvent> onRead(Read<C, R> request) {
    if (isRoomFor(request.replyTo())) {
      reads.read(request, now(), deadline());
      keepTicking();
    }
    return this;
  }

  private boolean isRoomFor(ActorRef<StatusReply<R>> replyTo) {
    if (!closing.isEmpty()) {
      replyTo.tell(
          StatusReply.error(
              new NotLeader(
                  "This client of group " + setup.group() + " is closed.", Optional.empty())));
      return false;
    }
    if (errands.size() + commands.waiting() >= settings.maxPending()) {
      replyTo.tell(
          StatusReply.error(
              new Overloaded(
                  settings.maxPending()
                      + " requests are pending at this client"
                      + " (pekko-raft.client.max-pending).")));
      return false;
    }
    return true;
  }

  private Behavior<ClientEvent> onClose(Close<C, R> request) {
    closing.add(request.replyTo());
    return closeWhenIdle();
  }

  /** First all have their answers; then the session is ended, which needs one of its own. */
  private Behavior<ClientEvent> closeWhenIdle() {
    if (closing.isEmpty() || errands.size() + commands.waiting() > 0) {
      return this;
    }
    if (!closed) {
      closed = true;
      session.close(() -> {});
      keepTicking();
      return closeWhenIdle();
    }
    return Behaviors.stopped(() -> closing.forEach(asker -> asker.tell(Done.done())));
  }

  // What comes back, and time.

  private Behavior<ClientEvent> onAnswer(Answer answer) {
    errands.answered(answer);
    return closeWhenIdle();
  }

  private Behavior<ClientEvent> onTick() {
    commands.tick(); // Those that wait for a session come before the session's own errand.
    errands.tick();
    if (errands.size() + commands.waiting() == 0) {
      timers.cancel(Alarm.TICK);
      ticking = false;
    }
    return closeWhenIdle();
  }

  private void keepTicking() {
    if (!ticking) {
      ticking = true;
      timers.startTimerWithFixedDelay(Alarm.TICK, Alarm.TICK, settings.retryBackoff());
    }
  }

  private Behavior<ClientEvent> onKeepAlive() {
    if (closing.isEmpty()) {
      session.keepAlive();
      keepTicking();
    }
    return this;
  }

  /** Nobody who waits for it may wait in vain. */
  private Behavior<ClientEvent> onEnd() {
    commands.end();
    errands.end();
    return this;
  }

  private long deadline() {
    return now() + settings.timeout().toNanos();
  }

  private long now() {
    return setup.nanoTime().getAsLong();
  }
}
