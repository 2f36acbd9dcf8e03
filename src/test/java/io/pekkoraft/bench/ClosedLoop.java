package io.pekkoraft.bench;

import io.pekkoraft.protocol.ClientMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.pattern.StatusReply;

/**
 * A client that keeps so many requests outstanding at a leader, and asks anew with each reply. A
 * leader replies in the order in which it was asked, so the oldest time of sending belongs to the
 * next reply.
 */
final class ClosedLoop extends AbstractBehavior<StatusReply<Long>> {
  private final ActorRef<ClientMessage> leader;
  private final Request request;
  private final long measureFrom;
  private final long measureUntil;
  private final CompletableFuture<Histogram> result;
  private final Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final Deque<Long> sentAt = new ArrayDeque<>();

  private ClosedLoop(
      ActorContext<StatusReply<Long>> context,
      ActorRef<ClientMessage> leader,
      Request request,
      int outstanding,
      Duration each,
      CompletableFuture<Histogram> result) {
    super(context);
    this.leader = leader;
    this.request = request;
    this.measureFrom = System.nanoTime() + each.toNanos();
    this.measureUntil = measureFrom + each.toNanos();
    this.result = result;
    for (var i = 0; i < outstanding; i++) {
      ask();
    }
  }

  /**
   * @param each how long it warms up, and then measures
   * @param result every latency measured, in nanoseconds
   */
  static Behavior<StatusReply<Long>> create(
      ActorRef<ClientMessage> leader,
      Request request,
      int outstanding,
      Duration each,
      CompletableFuture<Histogram> result) {
    return Behaviors.setup(
        context -> new ClosedLoop(context, leader, request, outstanding, each, result));
  }

  @Override
  @SuppressWarnings("unchecked") // A class literal has no type parameters.
  public Receive<StatusReply<Long>> createReceive() {
    return newReceiveBuilder()
        .onMessage((Class<StatusReply<Long>>) (Class<?>) StatusReply.class, this::onReply)
        .build();
  }

  /** What is asked for, again and again. */
  @FunctionalInterface
  interface Request {
    ClientMessage to(ActorRef<StatusReply<Long>> replyTo);
  }

  private void ask() {
    sentAt.addLast(System.nanoTime());
    leader.tell(request.to(getContext().getSelf()));
  }

  private Behavior<StatusReply<Long>> onReply(StatusReply<Long> reply) {
    if (!reply.isSuccess()) {
      result.completeExceptionally(reply.getError());
      return Behaviors.stopped();
    }
    var now = System.nanoTime();
    var sent = sentAt.removeFirst();
    if (now >= measureUntil) {
      result.complete(nanos);
      return sentAt.isEmpty() ? Behaviors.stopped() : this;
    }
    if (now >= measureFrom) {
      nanos.recordValue(now - sent);
    }
    ask();
    return this;
  }
}
