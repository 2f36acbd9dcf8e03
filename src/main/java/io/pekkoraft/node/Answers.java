package io.pekkoraft.node;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.node.GateMessage.Asking;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.ClientMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What other nodes have asked this one, until its peers and services have answered or the time is
 * over. What is asked comes to them once, however many copies of it arrive. For any thread.
 */
final class Answers {
  private final Later later;
  private final Post post;
  private final ClientFormat format;
  private final int most;
  private final Dropped dropped;
  private final AtomicInteger serving = new AtomicInteger();
  private final Map<Address, Seen> seen = new HashMap<>();
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private volatile Residents peers = Residents.NONE;

  Answers(Later later, Post post, ClientFormat format, int most, Dropped dropped) {
    this.later = later;
    this.post = post;
    this.format = format;
    this.most = most;
    this.dropped = dropped;
  }

  void serve(Residents local) {
    peers = local;
  }

  void serve(String name, Service service) {
    services.put(name, service);
  }

  /** Whether somebody elsewhere waits for an answer of this node. */
  boolean isPending() {
    return serving.get() > 0;
  }

  void asked(Address from, Asking question) {
    if (!isNew(from, question)) {
      dropped.late();
      return;
    }
    if (serving.get() >= most) {
      reply(
          from,
          question,
          error(
              new Overloaded(
                  "There are "
                      + most
                      + " requests of other nodes without an answer"
                      + " (pekko-raft.node.max-pending).")));
      return;
    }
    Optional<? extends CompletionStage<?>> answer;
    try {
      answer = question instanceof Call call ? answerOf(call) : answerOf((Question) question);
    } catch (Exception | LinkageError | StackOverflowError e) {
      dropped.malformed(question.from(), e);
      reply(from, question, error(failed(e)));
      return;
    }
    if (answer.isEmpty()) {
      dropped.notHere();
      reply(from, question, new byte[0]);
      return;
    }
    serving.incrementAndGet();
    answer
        .get()
        .whenComplete(
            (given, failure) -> {
              serving.decrementAndGet();
              if (failure == null) {
                reply(from, question, written(given));
              } else if (!(failure instanceof TimeoutException)) {
                reply(from, question, error(failed(failure)));
              } // Else who asked has given up as well.
            });
  }

  /** Of a request that can't be read surely nothing happened; of one that broke nobody can tell. */
  private static RaftException failed(Throwable why) {
    return why instanceof Unreadable
        ? new CommandRefused(CommandRefused.Reason.NOT_SERIALIZABLE, why.getMessage())
        : new OutcomeUnknown("It broke where it was asked: " + why);
  }

  private Optional<? extends CompletionStage<?>> answerOf(Question question) {
    return peers.askHere(
        question.group(), question.to(), replyTo -> read(question, replyTo), question.patience());
  }

  private Optional<? extends CompletionStage<?>> answerOf(Call call) {
    return Optional.ofNullable(services.get(call.service()))
        .flatMap(service -> service.call(call.content(), call.patience()))
        .map(answer -> inTime(answer, call.patience()));
  }

  /** A service need not watch the time: what it never answers must not count for ever. */
  private CompletionStage<Object> inTime(CompletionStage<?> answer, Duration patience) {
    var bounded = new CompletableFuture<Object>();
    answer.whenComplete(
        (given, failure) -> {
          if (failure == null) {
            bounded.complete(given);
          } else {
            bounded.completeExceptionally(failure);
          }
        });
    if (!bounded.isDone()) {
      var timer = later.run(patience, () -> bounded.completeExceptionally(late(patience)));
      bounded.whenComplete((given, failure) -> timer.cancel());
    }
    return bounded;
  }

  private static TimeoutException late(Duration patience) {
    return new TimeoutException("No answer within " + patience + ".");
  }

  private synchronized boolean isNew(Address from, Asking question) {
    return seen.computeIfAbsent(from, first -> new Seen())
        .isNew(question.asker(), question.number());
  }

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unreadable(String message, IOException cause) {
      super(message, cause);
    }
  }

  private ClientMessage read(Question question, ActorRef<Object> replyTo) {
    try {
      return format.readRequest(question.request(), replyTo);
    } catch (IOException e) {
      throw new Unreadable("The node of the peer can't read it: " + e.getMessage(), e);
    }
  }

  private byte[] written(Object answer) {
    byte[] content;
    try {
      content = format.writeAnswer(answer);
    } catch (RuntimeException e) {
      return error(new ResultLost("The result can't be sent to another node: " + e.getMessage()));
    }
    return post.tooLarge(content.length)
        .map(why -> error(new ResultLost("The result can't be sent: " + why.getMessage())))
        .orElse(content);
  }

  private byte[] error(RaftException failure) {
    return format.writeAnswer(StatusReply.error(failure));
  }

  private void reply(Address to, Asking question, byte[] answer) {
    post.send(
        to, new Reply(post.self(), question.asker(), question.number(), answer), answer.length);
  }
}
