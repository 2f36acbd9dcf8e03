package io.pekkoraft.node;

import io.pekkoraft.node.GateMessage.Asking;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Goodbye;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Ping;
import io.pekkoraft.node.GateMessage.Pong;
import io.pekkoraft.node.GateMessage.Reply;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what other nodes send before any of it reaches a peer. What is not from where it says,
 * or for nobody here, changes nothing and is counted.
 */
final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  private final Atlas atlas;
  private final Questions questions;
  private final Pulse pulse;
  private final Unanswered unanswered;
  private final Answers answers;
  private final Dropped dropped;
  private final boolean acceptNewcomers;
  private volatile Residents peers = Residents.NONE;

  /**
   * @param acceptNewcomers whether a node that is on no list may introduce its peers
   */
  Reception(
      Atlas atlas,
      Questions questions,
      Answers answers,
      Pulse pulse,
      Unanswered unanswered,
      Dropped dropped,
      boolean acceptNewcomers) {
    this.atlas = atlas;
    this.questions = questions;
    this.answers = answers;
    this.pulse = pulse;
    this.unanswered = unanswered;
    this.dropped = dropped;
    this.acceptNewcomers = acceptNewcomers;
  }

  void serve(Residents local) {
    peers = local;
    answers.serve(local);
  }

  /** Whatever comes, nothing is thrown: a gate that ends leaves its node deaf. */
  void receive(Object message) {
    if (message instanceof Bundle bundle) {
      bundle.letters().forEach(letter -> orDrop(letter, this::judgeBundled));
    } else if (message instanceof GateMessage said) {
      orDrop(said, this::judge);
    } else {
      var what = message.getClass().getName() + " is nothing that a gate says.";
      dropped.malformed("Somebody", new IllegalArgumentException(what));
    }
  }

  private <M extends GateMessage> void orDrop(M message, Consumer<M> judge) {
    try {
      judge.accept(message);
    } catch (Exception | LinkageError | StackOverflowError e) { // Scala throws checked ones too.
      dropped.malformed(message.from(), e);
    }
  }

  private void judge(GateMessage message) {
    if (message instanceof Introduction newcomer) {
      introduced(newcomer);
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
      answers.asked(from, asking);
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
    dropped.stranger();
    LOG.debug("{} is not one of the nodes; its message is dropped", message.from());
  }

  private void introduced(Introduction newcomer) {
    if (!acceptNewcomers) {
      isStranger(newcomer);
      return;
    }
    var from = AddressFromURIString.parse(newcomer.from());
    if (!from.hasGlobalScope()) {
      throw new IllegalArgumentException(from + " can't be reached from here.");
    }
    if (atlas.introduce(newcomer.group(), newcomer.peer(), from)) {
      LOG.info("{}/{} runs on {}", newcomer.group(), newcomer.peer(), from);
    }
  }

  /** As if it had come alone, except that its answer may wait. */
  private void judgeBundled(ForPeer letter) {
    atlas
        .node(letter.from())
        .ifPresentOrElse(from -> deliver(from, letter, true), () -> isStranger(letter));
  }

  private void deliver(Address from, ForPeer letter, boolean bundled) {
    var isWhoItSays =
        letter.sender().equals(letter.message().from())
            && atlas.of(letter.group(), letter.sender()).filter(from::equals).isPresent();
    if (!atlas.knows(letter.group())) {
      dropped.notHere();
    } else if (!isWhoItSays) {
      isStranger(letter);
    } else {
      if (bundled) {
        unanswered.came(letter); // Before the peer, on another thread, answers it.
      }
      if (!peers.tell(letter.group(), letter.to(), letter.message())) {
        dropped.notHere();
      }
    }
  }

  private void answered(Address from, Reply reply) {
    if (!questions.answered(from, reply, why -> dropped.malformed(reply.from(), why))) {
      dropped.late();
    }
  }
}
