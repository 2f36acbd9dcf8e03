package io.pekkoraft.node;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.node.GateMessage.Asking;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Goodbye;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Ping;
import io.pekkoraft.node.GateMessage.Pong;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.ClientMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what other nodes send before any of it reaches a peer. What is not from where it says,
 * or for nobody here, changes nothing and is counted.
 */
final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  private final Post post;
  private final Atlas atlas;
  private final Questions questions;
  private final Pulse pulse;
  private final Unanswered unanswered;
  private final ClientFormat format;
  private final NodeSettings settings;
  private final AtomicInteger serving = new AtomicInteger();
  private final AtomicLong strangers = new AtomicLong();
  private final AtomicLong notHere = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();
  private final Map<Address, Seen> seen = new HashMap<>();
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private volatile Residents peers = Residents.NONE;

  Reception(
      Post post,
      Atlas atlas,
      Questions questions,
      Pulse pulse,
      Unanswered unanswered,
      ClientFormat format,
      NodeSettings settings) {
    this.post = post;
    this.atlas = atlas;
    this.questions = questions;
    this.pulse = pulse;
    this.unanswered = unanswered;
    this.format = format;
    this.settings = settings;
  }

  void serve(Residents local) {
    peers = local;
  }

  void serve(String name, Service service) {
    services.put(name, service);
  }

  /** Whether somebody elsewhere waits for an answer of this node. */
  boolean isAnswering() {
    return serving.get() > 0;
  }

  NodeCounters counters() {
    return new NodeCounters(strangers.get(), notHere.get(), late.get(), malformed.get());
  }

  void receive(GateMessage message) {
    if (message instanceof Introduction newcomer) {
      introduced(newcomer);
      return;
    }
    if (message instanceof Bundle bundle) {
      bundle.letters().forEach(this::receiveBundled);
      return;
    }
    var listed = atlas.node(message.from());
    if (listed.isEmpty()) {
      isStranger(message);
      return;
    }
    var from = listed.get();
    if (message instanceof ForPeer letter) {
      deliver(from, letter, false);
    } else if (message instanceof Asking asking) {
      asked(from, asking);
    } else if (message instanceof Reply reply) {
      answered(from, reply);
    } else if (message instanceof Ping ping) {
      pulse.pinged(from, ping);
    } else if (message instanceof Pong pong) {
      pulse.answered(from, pong);
    } else if (message instanceof Goodbye goodbye) {
      pulse.left(from, goodbye);
    }
  }

  private void isStranger(GateMessage message) {
    strangers.incrementAndGet();
    LOG.debug("{} is not one of the nodes; its message is dropped", message.from());
  }

  private void introduced(Introduction newcomer) {
    Address from;
    try {
      from = AddressFromURIString.parse(newcomer.from());
    } catch (RuntimeException e) {
      malformed.incrementAndGet();
      return;
    }
    if (!settings.acceptNewcomers()) {
      isStranger(newcomer);
    } else if (atlas.introduce(newcomer.group(), newcomer.peer(), from)) {
      LOG.info("{}/{} runs on {}", newcomer.group(), newcomer.peer(), from);
    }
  }

  /** As if it had come alone, except that its answer may wait. */
  private void receiveBundled(ForPeer letter) {
    atlas
        .node(letter.from())
        .ifPresentOrElse(from -> deliver(from, letter, true), () -> isStranger(letter));
  }

  private void deliver(Address from, ForPeer letter, boolean bundled) {
    var isWhoItSays =
        letter.sender().equals(letter.message().from())
            && atlas.of(letter.group(), letter.sender()).filter(from::equals).isPresent();
    if (!atlas.knows(letter.group())) {
      notHere.incrementAndGet();
    } else if (!isWhoItSays) {
      isStranger(letter);
    } else {
      if (bundled) {
        unanswered.came(letter); // Before the peer, on another thread, answers it.
      }
      if (!peers.tell(letter.group(), letter.to(), letter.message())) {
        notHere.incrementAndGet();
      }
    }
  }

  private void answered(Address from, Reply reply) {
    if (!questions.answered(from, reply, why -> malformed.incrementAndGet())) {
      late.incrementAndGet();
    }
  }

  // Questions of others.

  private void asked(Address from, Asking question) {
    if (!isNew(from, question)) {
      late.incrementAndGet();
      return;
    }
    if (serving.get() >= settings.maxPending()) {
      reply(
          from,
          question,
          error(
              new Overloaded(
                  "There are "
                      + settings.maxPending()
                      + " requests of other nodes without an answer"
                      + " (pekko-raft.node.max-pending).")));
      return;
    }
    Optional<? extends CompletionStage<?>> answer;
    try {
      answer = question instanceof Call call ? answerOf(call) : answerOf((Question) question);
    } catch (Unreadable e) {
      malformed.incrementAndGet();
      reply(
          from,
          question,
          error(new CommandRefused(CommandRefused.Reason.NOT_SERIALIZABLE, e.getMessage())));
      return;
    }
    if (answer.isEmpty()) {
      notHere.incrementAndGet();
      reply(from, question, new byte[0]);
      return;
    }
    serving.incrementAndGet();
    answer
        .get()
        .whenComplete(
            (given, tooLate) -> {
              serving.decrementAndGet();
              if (tooLate == null) {
                reply(from, question, written(given));
              } // Else who asked has given up as well.
            });
  }

  private Optional<? extends CompletionStage<?>> answerOf(Question question) {
    return peers.askHere(
        question.group(),
        question.to(),
        replyTo -> read(question, replyTo),
        Duration.ofMillis(question.patienceMillis()));
  }

  private Optional<? extends CompletionStage<?>> answerOf(Call call) {
    return Optional.ofNullable(services.get(call.service()))
        .flatMap(service -> service.call(call.content(), Duration.ofMillis(call.patienceMillis())));
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
