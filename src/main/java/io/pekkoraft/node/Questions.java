package io.pekkoraft.node;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Asking;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.pekko.actor.Address;
import org.apache.pekko.pattern.StatusReply;

/**
 * What this node has asked others, until it is answered, the time is over or the other one is gone.
 * Each question has a number that no other one ever has; its first answer counts.
 */
final class Questions {
  private final Later later;
  private final Post post;
  private final ClientFormat format;
  private final int most;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, Open> open = new ConcurrentHashMap<>();

  /**
   * @param withStatus whether the one who asks awaits a {@link StatusReply}
   */
  private record Open(Address node, boolean withStatus, CompletableFuture<Object> answer) {
    /**
     * @throws IOException when nobody is answered so who asks this
     */
    void complete(Object given) throws IOException {
      if (given instanceof StatusReply<?> == withStatus) {
        answer.complete(given);
      } else if (given instanceof StatusReply<?> status
          && status.isError()
          && status.getError() instanceof RaftException failure) {
        fail(failure);
      } else {
        throw new IOException("It answers something else.");
      }
    }

    void fail(RaftException failure) {
      if (withStatus) {
        answer.complete(StatusReply.error(failure));
      } else {
        answer.completeExceptionally(new TimeoutException(failure.getMessage()));
      }
    }
  }

  Questions(Later later, Post post, ClientFormat format, int most) {
    this.later = later;
    this.post = post;
    this.format = format;
    this.most = most;
  }

  int size() {
    return open.size();
  }

  /**
   * @return the answer as the peer gave it; fails with a {@link TimeoutException} after {@code
   *     patience}, or when what is asked has no other way to fail
   */
  CompletableFuture<Object> ask(
      Address node, String group, PeerId to, ClientMessage request, Duration patience) {
    var withStatus = request instanceof Request<?>;
    byte[] content;
    try {
      content = format.write(request);
    } catch (RuntimeException e) {
      var answer = new CompletableFuture<Object>();
      new Open(node, withStatus, answer).fail(post.unreadable(e));
      return answer;
    }
    return ask(
        node,
        withStatus,
        content,
        number ->
            new Question(
                post.self(), post.incarnation(), number, group, to, patience.toMillis(), content));
  }

  /**
   * @return a status: who has served it, or why not; fails as above
   */
  CompletableFuture<Object> call(Address node, String service, byte[] content, Duration patience) {
    return ask(
        node,
        true,
        content,
        number ->
            new Call(
                post.self(), post.incarnation(), number, service, patience.toMillis(), content));
  }

  private CompletableFuture<Object> ask(
      Address node, boolean withStatus, byte[] content, LongFunction<Asking> message) {
    var answer = new CompletableFuture<Object>();
    var asked = new Open(node, withStatus, answer);
    var refusal = refusal(content);
    if (refusal.isPresent()) {
      asked.fail(refusal.get());
      return answer;
    }
    var number = numbers.incrementAndGet();
    var question = message.apply(number);
    open.put(number, asked); // Before its time can be over.
    var timer = later.run(question.patience(), () -> late(number, asked, question.patience()));
    answer.whenComplete(
        (given, failure) -> { // However it ended, be it that who asks has given up.
          timer.cancel();
          open.remove(number, asked);
        });
    post.send(node, question, content.length);
    return answer;
  }

  private Optional<RaftException> refusal(byte[] content) {
    if (open.size() >= most) {
      return Optional.of(
          new Overloaded(
              "There are "
                  + most
                  + " requests to other nodes without an answer (pekko-raft.node.max-pending)."));
    }
    return post.tooLarge(content.length);
  }

  private void late(long number, Open asked, Duration patience) {
    if (open.remove(number, asked)) {
      asked
          .answer()
          .completeExceptionally(
              new TimeoutException("No answer from " + asked.node() + " within " + patience + "."));
    }
  }

  /**
   * @param malformed hears why what somebody waited for can't be read
   * @return whether somebody waited for it
   */
  boolean answered(Address node, Reply reply, Consumer<Exception> malformed) {
    if (reply.asker() != post.incarnation()) {
      return false;
    }
    var asked = open.get(reply.number());
    if (asked == null || !asked.node().equals(node) || !open.remove(reply.number(), asked)) {
      return false;
    }
    if (reply.answer().length == 0) {
      asked.fail(new NotLeader("What was asked does not run on " + node + ".", Optional.empty()));
      return true;
    }
    try {
      asked.complete(format.readAnswer(reply.answer()));
    } catch (Exception e) { // Whatever it is, somebody waits.
      malformed.accept(e);
      asked.fail(unreadable(node, reply, e));
    }
    return true;
  }

  /** Who answers with a result has done what it was asked; anything else tells nothing of it. */
  private RaftException unreadable(Address node, Reply reply, Exception why) {
    var message = "What " + node + " answered can't be read here: " + why.getMessage();
    return format.isResult(reply.answer()) ? new ResultLost(message) : new OutcomeUnknown(message);
  }

  /** The number of what was asked last. */
  long latest() {
    return numbers.get();
  }

  /**
   * Nobody will answer for that node any more.
   *
   * @param latest of what was asked of it until now; what comes later is for a new start of it
   */
  void isGone(Address node, long latest) {
    open.forEach(
        (number, asked) -> {
          if (number <= latest && asked.node().equals(node) && open.remove(number, asked)) {
            asked.fail(
                new OutcomeUnknown(node + " does not answer; what was asked may yet take effect."));
          }
        });
  }
}
