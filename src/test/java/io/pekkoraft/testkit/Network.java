package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;

/**
 * Between the peers: may lose, double, delay and so reorder what they say, and be cut, both ways or
 * one way. Every message goes through its real serializer, there and back.
 */
final class Network {
  private static final long MILLIS = 1_000_000;

  private final World world;
  private final Trace trace;
  private final Oracles oracles;
  private final SplittableRandom random;
  private final Map<PeerId, Endpoint> endpoints = new TreeMap<>();
  private final Set<Link> cut = new TreeSet<>();
  private final Map<Link, Long> slow = new TreeMap<>();
  private Conditions conditions = Conditions.RELIABLE;
  private long messages;
  private long bytes;

  /** Who is reached where. */
  private record Endpoint(Node node, ActorRef<RaftMessage> ref) {}

  private record Link(PeerId from, PeerId to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      var order = from.compareTo(other.from);
      return order != 0 ? order : to.compareTo(other.to);
    }
  }

  /**
   * How the network is.
   *
   * @param minNanos and {@code maxNanos} bound how long a message takes
   * @param loss the probability that a message is lost
   * @param duplication the probability that it arrives twice
   * @param held the probability that an answer is held back, by {@code heldNanos} at most
   */
  record Conditions(
      long minNanos, long maxNanos, double loss, double duplication, double held, long heldNanos) {
    static final Conditions RELIABLE = new Conditions(MILLIS / 20, MILLIS / 4, 0, 0, 0, 1);

    /** The lab suite's: U[0, 26] ms, one in ten is lost. */
    static final Conditions UNRELIABLE = new Conditions(0, 27 * MILLIS, 0.1, 0, 0, 1);

    /** And two thirds of the answers are held back by up to 2.2 s. */
    static final Conditions LONG_REORDERING =
        new Conditions(0, 27 * MILLIS, 0.1, 0, 0.66, 2200 * MILLIS);
  }

  Network(World world, Trace trace, Oracles oracles) {
    this.oracles = oracles;
    this.world = world;
    this.trace = trace;
    this.random = world.random();
  }

  void conditions(Conditions now) {
    conditions = now;
  }

  long messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** Cuts what goes from {@code from} to {@code to}, one way. */
  void cut(PeerId from, PeerId to) {
    cut.add(new Link(from, to));
  }

  void mend(PeerId from, PeerId to) {
    cut.remove(new Link(from, to));
    slow.remove(new Link(from, to));
  }

  /** What goes from {@code from} to {@code to} takes so much longer from now on. */
  void slow(PeerId from, PeerId to, long nanos) {
    slow.put(new Link(from, to), nanos);
  }

  /** Cuts both ways between the two sides. */
  void partition(Collection<PeerId> side, Collection<PeerId> other) {
    for (var one : side) {
      for (var two : other) {
        cut(one, two);
        cut(two, one);
      }
    }
  }

  void mendAll() {
    cut.clear();
    slow.clear();
  }

  /** A node's way to the others. */
  PeerNetwork of(Node node) {
    return new PeerNetwork() {
      @Override
      public void join(ActorRef<RaftMessage> self) {
        endpoints.put(node.peer(), new Endpoint(node, self));
      }

      @Override
      public void leave() {
        if (reference(node) != null) {
          endpoints.remove(node.peer());
        }
      }

      @Override
      public void send(PeerId to, PeerMessage message) {
        Network.this.send(node, to, message);
      }
    };
  }

  ActorRef<RaftMessage> reference(Node node) {
    var endpoint = endpoints.get(node.peer());
    return endpoint != null && endpoint.node() == node ? endpoint.ref() : null;
  }

  private void send(Node node, PeerId to, PeerMessage message) {
    var from = node.peer();
    oracles.said(from, to, message);
    var serialization = SerializationExtension.get(node.system());
    var serializer = serialization.findSerializerFor(message);
    var manifest = Serializers.manifestFor(serializer, message);
    var packed = serializer.toBinary(message);
    messages++;
    bytes += packed.length;
    var link = new Link(from, to);
    if (cut.contains(link) || random.nextDouble() < conditions.loss()) {
      trace.say(world.now(), from, code(to, packed), () -> "-x-> " + to + " " + message);
      return;
    }
    trace.say(world.now(), from, code(to, packed), () -> "---> " + to + " " + message);
    var copies = random.nextDouble() < conditions.duplication() ? 2 : 1;
    for (var i = 0; i < copies; i++) {
      var takes =
          random.nextLong(conditions.minNanos(), conditions.maxNanos())
              + slow.getOrDefault(link, 0L);
      if (isAnswer(message) && random.nextDouble() < conditions.held()) {
        takes += random.nextLong(conditions.heldNanos());
      }
      world.after(takes, () -> deliver(from, to, packed, serializer.identifier(), manifest));
    }
  }

  /** Between two processes, whoever lives in them: as what their peers say to each other. */
  void ping(PeerId from, PeerId to, Runnable delivery) {
    var link = new Link(from, to);
    if (cut.contains(link) || random.nextDouble() < conditions.loss()) {
      return;
    }
    var copies = random.nextDouble() < conditions.duplication() ? 2 : 1;
    for (var i = 0; i < copies; i++) {
      var takes =
          random.nextLong(conditions.minNanos(), conditions.maxNanos())
              + slow.getOrDefault(link, 0L);
      world.after(
          takes,
          () -> {
            if (!cut.contains(link)) {
              delivery.run();
            }
          });
    }
  }

  /** Between a client and a peer: may be lost or late, and is never doubled, as Pekko promises. */
  void carry(Runnable delivery) {
    if (random.nextDouble() >= conditions.loss()) {
      world.after(random.nextLong(conditions.minNanos(), conditions.maxNanos()), delivery);
    }
  }

  /** What a message was, for the hash: who is at its other end, and each of its bytes. */
  private static long code(PeerId other, byte[] packed) {
    return 31L * other.value().hashCode() + Arrays.hashCode(packed);
  }

  private static boolean isAnswer(PeerMessage message) {
    return message instanceof PeerMessage.AppendAccepted
        || message instanceof PeerMessage.AppendRejected
        || message instanceof PeerMessage.ReadIndexAnswer
        || message instanceof PeerMessage.VoteReply
        || message instanceof PeerMessage.PreVoteReply;
  }

  private void deliver(PeerId from, PeerId to, byte[] packed, int serializer, String manifest) {
    var endpoint = endpoints.get(to);
    if (endpoint == null || !endpoint.node().isAlive() || cut.contains(new Link(from, to))) {
      return;
    }
    world.as(
        endpoint.node(),
        () -> {
          var serialization = SerializationExtension.get(endpoint.node().system());
          var message = (PeerMessage) serialization.deserialize(packed, serializer, manifest).get();
          trace.say(world.now(), to, code(from, packed), () -> "<--- " + from + " " + message);
          endpoint.ref().tell(message);
        });
  }
}
