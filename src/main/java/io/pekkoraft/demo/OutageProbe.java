package io.pekkoraft.demo;

import io.pekkoraft.demo.TicketOffice.Answer;
import io.pekkoraft.demo.TicketOffice.Cancel;
import io.pekkoraft.demo.TicketOffice.Reserve;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Sells a seat of each show and takes it back, again and again after a node was killed, until each
 * has done so once. It asks a show every 50 ms, and every 200 ms when it has been silent for long,
 * whether or not it has answered; so the outage that it finds is too long by that at most.
 */
final class OutageProbe extends AbstractBehavior<OutageProbe.Message> {
  static final Set<String> SHOWS =
      IntStream.rangeClosed(1, 20).mapToObj(i -> "probe-" + i).collect(Collectors.toSet());

  private static final String CUSTOMER = "prober";
  private static final int SEATS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration OFTEN = Duration.ofMillis(50);
  private static final Duration RARELY = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final TimerScheduler<Message> timers;
  private final Shows shows;
  private final long killed;
  private final Consumer<Outage> news;
  private final Map<String, Integer> inFlight = new HashMap<>();
  private Outage outage;
  private int sent;

  sealed interface Message {}

  private record Ask() implements Message {}

  private record Asked(String show, Duration when, boolean isAnswered) implements Message {}

  /** It makes no sense any more. */
  record GiveUp() implements Message {}

  private OutageProbe(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Shows shows,
      long killed,
      Outage outage,
      Consumer<Outage> news) {
    super(context);
    this.timers = timers;
    this.shows = shows;
    this.killed = killed;
    this.outage = outage;
    this.news = news;
  }

  /**
   * @param killed when the node was, as {@link System#nanoTime} says
   * @param begun whom to ask
   * @param news told what it has come to, whenever that changes
   */
  static Behavior<Message> create(Shows shows, long killed, Outage begun, Consumer<Outage> news) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(new Ask());
                  return new OutageProbe(context, timers, shows, killed, begun, news);
                }));
  }

  /**
   * Sells a seat and takes it back. One of the two, at least, changes something, if nobody does the
   * same at the same time.
   */
  static CompletionStage<Answer> sell(Shows shows, String show, int number, Duration patience) {
    var seat = "" + (char) ('A' + number % SEATS / 10) + (number % 10 + 1);
    return shows
        .<Answer>ask(show, replyTo -> new Reserve(seat, CUSTOMER, replyTo), patience)
        .thenCompose(
            sold -> shows.ask(show, replyTo -> new Cancel(seat, CUSTOMER, replyTo), patience));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Ask.class, ask -> onAsk())
        .onMessage(Asked.class, this::onAsked)
        .onMessage(GiveUp.class, giveUp -> onGiveUp())
        .build();
  }

  private Behavior<Message> onAsk() {
    var since = since();
    if (since.compareTo(LIMIT) > 0) {
      return onGiveUp();
    }
    outage.waiting().forEach(this::ask);
    sent++;
    timers.startSingleTimer(new Ask(), since.compareTo(LONG) < 0 ? OFTEN : RARELY);
    return this;
  }

  /** With a bound that is only met when neither an answer nor a failure comes. */
  private void ask(String show) {
    if (inFlight.getOrDefault(show, 0) >= SEATS / 2) {
      return;
    }
    inFlight.merge(show, 1, Integer::sum);
    var self = getContext().getSelf();
    sell(shows, show, sent, PATIENCE)
        .whenComplete((answer, failure) -> self.tell(new Asked(show, since(), failure == null)));
  }

  private Behavior<Message> onAsked(Asked asked) {
    inFlight.merge(asked.show(), -1, Integer::sum);
    outage =
        asked.isAnswered()
            ? outage.answered(asked.show(), asked.when())
            : outage.failed(asked.show());
    news.accept(outage);
    return outage.state() == Outage.State.OUT ? this : Behaviors.stopped();
  }

  private Behavior<Message> onGiveUp() {
    news.accept(outage.givenUp(since()));
    return Behaviors.stopped();
  }

  private Duration since() {
    return Duration.ofNanos(System.nanoTime() - killed);
  }
}
