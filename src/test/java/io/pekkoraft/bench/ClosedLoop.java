package io.pekkoraft.bench;

import io.pekkoraft.protocol.ClientMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.apache.pekko.Done;
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
  private final Consumer<ActorRef<StatusReply<Long>>> request;
  private final Control control;
  private final Deque<Long> sentAt = new ArrayDeque<>();

  /** How whoever started it hears from it and ends it. */
  static final class Control {
    private final Recorder nanos = new Recorder(3);
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    /** Every latency since the last call, in nanoseconds. */
    Histogram latencies() {
      return nanos.getIntervalHistogram();
    }

    /** Asks no more; done when all is answered, a failure when anything was refused. */
    CompletableFuture<Done> stop() {
      stopping = true;
      return ended;
    }
  }

  private ClosedLoop(
      ActorContext<StatusReply<Long>> context,
      Consumer<ActorRef<StatusReply<Long>>> request,
      int outstanding,
      Control control) {
    super(context);
    this.request = request;
    this.control = control;
    for (var i = 0; i < outstanding; i++) {
      ask();
    }
  }

  static Behavior<StatusReply<Long>> create(
      ActorRef<ClientMessage> leader, Request request, int outstanding, Control control) {
    return create(replyTo -> leader.tell(request.to(replyTo)), outstanding, control);
  }

  /**
   * @param request asks somebody, who replies to whom it is given
   */
  static Behavior<StatusReply<Long>> create(
      Consumer<ActorRef<StatusReply<Long>>> request, int outstanding, Control control) {
    return Behaviors.setup(context -> new ClosedLoop(context, request, outstanding, control));
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
    request.accept(getContext().getSelf());
  }

  private Behavior<StatusReply<Long>> onReply(StatusReply<Long> reply) {
    if (!reply.isSuccess()) {
      control.ended.completeExceptionally(reply.getError());
      return Behaviors.stopped();
    }
    control.nanos.recordValue(System.nanoTime() - sentAt.removeFirst());
    if (!control.stopping) {
      ask();
    } else if (sentAt.isEmpty()) {
      control.ended.complete(Done.done());
      return Behaviors.stopped();
    }
    return this;
  }
}
