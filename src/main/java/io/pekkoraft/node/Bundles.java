package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.ForPeer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;

/**
 * Where heartbeats, and answers to them, wait for those of other groups that go to the same node:
 * the first one that comes has all of them sent after a while, in one message. Nothing is kept
 * beyond that, whether the node is there or not, and no timer runs while nothing waits. For any
 * thread.
 */
final class Bundles {
  /** What is written of a heartbeat or an answer, in bytes at most, besides the names in it. */
  private static final int LETTER = 224;

  private final Sender post;
  private final int most;
  private final Consumer<Runnable> later;
  private final Map<Address, Waiting> waiting = new HashMap<>();

  /** Sends and forgets. */
  interface Sender {
    /**
     * @param bytes of the content, about
     */
    void send(Address node, GateMessage message, int bytes);
  }

  /** Who says something to whom: what it says later takes the place of what still waits. */
  private record Way(String group, PeerId from, PeerId to) {
    static Way of(ForPeer letter) {
      return new Way(letter.group(), letter.sender(), letter.to());
    }
  }

  private static final class Waiting {
    private final Map<Way, ForPeer> letters = new LinkedHashMap<>();
    private int bytes;

    private boolean isFull(ForPeer letter, int most) {
      return bytes + bytes(letter) > most && !letters.containsKey(Way.of(letter));
    }

    private void put(ForPeer letter) {
      if (letters.put(Way.of(letter), letter) == null) {
        bytes += bytes(letter);
      }
    }
  }

  /**
   * @param most bytes of a bundle
   * @param later does something when the time is over for which a heartbeat may wait
   */
  Bundles(Sender post, int most, Consumer<Runnable> later) {
    this.post = post;
    this.most = most;
    this.later = later;
  }

  void add(Address node, ForPeer letter) {
    Waiting before;
    Waiting now;
    synchronized (this) {
      before = waiting.get(node);
      now = before == null || before.isFull(letter, most) ? new Waiting() : before;
      waiting.put(node, now);
      now.put(letter);
    }
    if (before == null) {
      later.accept(() -> send(node, taken(node)));
    } else if (before != now) {
      send(node, before);
    }
  }

  private synchronized Waiting taken(Address node) {
    return waiting.remove(node);
  }

  /** One alone goes as ever, so that its answer does not wait for others either. */
  private void send(Address node, Waiting bundle) {
    var letters = List.copyOf(bundle.letters.values());
    if (letters.size() == 1) {
      post.send(node, letters.get(0), 0);
    } else {
      post.send(node, new Bundle(letters.get(0).from(), letters), bundle.bytes);
    }
  }

  /**
   * What a letter takes at most: its sender stands in its message once more, and a character of the
   * group's name takes up to three bytes.
   */
  static int bytes(ForPeer letter) {
    return LETTER
        + 3 * letter.group().length()
        + 2 * letter.sender().value().length()
        + letter.to().value().length();
  }
}
