package io.pekkoraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Clients that pipeline, repeat themselves and crash, over a network that loses, copies and delays
 * for ever; leaders whose clocks disagree. The log is what the network happens to deliver; it is
 * applied by a peer, by one that now and then comes back from a snapshot, and by a model that
 * forgets no reply.
 */
final class ForgetfulClients {
  private final Random random;
  private final SessionLimits limits;
  private final List<Client> clients = new ArrayList<>();
  private final List<Runnable> network = new ArrayList<>();
  private final Map<SerialNumber, Integer> effects = new LinkedHashMap<>();
  private final TreeMap<SessionId, Remembered> model = new TreeMap<>();
  private final Sessions peer = new Sessions();
  private Sessions other = new Sessions();
  private long index;
  private long time;
  private long modelClock;
  private long said;

  /** How often the model came to each decision. */
  final Map<Decision.Kind, Integer> seen = new TreeMap<>();

  ForgetfulClients(long seed, SessionLimits limits) {
    this.random = new Random(seed);
    this.limits = limits;
  }

  /** What the model knows of a session: everything it was ever told. */
  private static final class Remembered {
    final TreeMap<Long, Bytes> replies = new TreeMap<>();
    long lowest = 1;
    long lastHeard;
    long lastSaid;

    long bytes() {
      return replies.tailMap(lowest).values().stream().mapToLong(reply -> 64 + reply.size()).sum();
    }
  }

  private final class Client {
    SessionId session;
    boolean crashed;
    boolean lost;
    long next = 1;
    final TreeMap<Long, Bytes> answers = new TreeMap<>();

    long lowestUnanswered() {
      var lowest = 1L;
      while (answers.containsKey(lowest)) {
        lowest++;
      }
      return lowest;
    }

    void act(boolean more) {
      if (crashed || lost) {
        return;
      }
      if (session == null) {
        network.add(this::opened);
        return;
      }
      var lowest = lowestUnanswered();
      if (more && next - lowest <= limits.maxInFlight()) {
        next++;
      }
      for (var sequence = lowest; sequence < next; sequence++) {
        if (!answers.containsKey(sequence)) {
          var number = new SerialNumber(session, sequence, lowest);
          network.add(() -> delivered(this, number));
        }
      }
    }

    void opened() {
      var id = open();
      if (!crashed && session == null) {
        session = id;
      }
    }

    void hears(SerialNumber number, Decision.Kind kind, Bytes reply) {
      if (crashed || random.nextInt(4) == 0) {
        return;
      }
      if (kind == Decision.Kind.EXPIRED) {
        lost = true;
      } else if (reply != null) {
        var before = answers.putIfAbsent(number.sequence(), reply);
        assertThat(reply).isEqualTo(before == null ? reply : before);
      }
    }
  }

  /** Lets {@code count} clients work for {@code steps}, then repeat what is unanswered. */
  void run(int count, int steps) {
    for (var i = 0; i < count; i++) {
      clients.add(new Client());
    }
    for (var step = 0; step < steps; step++) {
      var client = clients.get(random.nextInt(count));
      client.act(true);
      client.crashed |= random.nextInt(400) == 0;
      deliver(random.nextInt(4));
      time += random.nextInt(3);
    }
    for (var round = 0; round < 60; round++) {
      clients.forEach(client -> client.act(false));
      deliver(network.size());
    }
  }

  /** Messages come in any order, some never, and some more than once, however late. */
  private void deliver(int messages) {
    for (var i = 0; i < messages && !network.isEmpty(); i++) {
      var at = random.nextInt(network.size());
      var message = random.nextInt(5) == 0 ? network.get(at) : network.remove(at);
      if (random.nextInt(6) > 0) {
        message.run();
        comparePeers();
      }
    }
    while (network.size() > 500) {
      network.remove(random.nextInt(network.size()));
    }
  }

  private SessionId open() {
    var stamp = stamp();
    index++;
    var id = peer.open(LogIndex.of(index), limits, stamp);
    other.open(LogIndex.of(index), limits, stamp);
    expireInModel(stamp);
    model.put(id, new Remembered());
    heardInModel(id);
    forgetInModel();
    return id;
  }

  private void delivered(Client client, SerialNumber number) {
    var stamp = stamp();
    index++;
    var expected = decideInModel(number, stamp);
    seen.merge(expected, 1, Integer::sum);
    var decision = peer.decide(number, stamp);
    assertThat(decision.kind()).as("%s at %s", number, index).isEqualTo(expected);
    assertThat(other.decide(number, stamp)).isEqualTo(decision);
    var reply = decision.kind() == Decision.Kind.ALREADY ? decision.reply() : null;
    if (decision.kind() == Decision.Kind.ALREADY) {
      assertThat(reply).isEqualTo(model.get(number.session()).replies.get(number.sequence()));
    } else if (decision.kind() == Decision.Kind.APPLY) {
      reply = apply(number);
    }
    client.hears(number, decision.kind(), reply);
  }

  private Bytes apply(SerialNumber number) {
    var name = new SerialNumber(number.session(), number.sequence(), 1);
    assertThat(effects.merge(name, 1, Integer::sum)).as("effects of %s", number).isEqualTo(1);
    var reply = Bytes.wrap(ByteBuffer.allocate(8 + random.nextInt(40)).putLong(0, index).array());
    peer.applied(number, reply);
    other.applied(number, reply);
    var session = model.get(number.session());
    session.replies.put(number.sequence(), reply);
    if (session.bytes() > limits.maxReplyBytes()) {
      model.remove(number.session());
    }
    forgetInModel();
    return reply;
  }

  private Decision.Kind decideInModel(SerialNumber number, long stamp) {
    expireInModel(stamp);
    var session = model.get(number.session());
    if (session == null) {
      return Decision.Kind.EXPIRED;
    }
    heardInModel(number.session());
    session.lowest = Math.max(session.lowest, number.lowestUnanswered());
    if (number.sequence() < session.lowest) {
      return Decision.Kind.STALE;
    }
    if (session.replies.containsKey(number.sequence())) {
      return Decision.Kind.ALREADY;
    }
    return number.sequence() >= session.lowest + limits.maxInFlight()
        ? Decision.Kind.TOO_FAR_AHEAD
        : Decision.Kind.APPLY;
  }

  private void expireInModel(long stamp) {
    modelClock = Math.max(modelClock, stamp);
    model.values().removeIf(session -> modelClock - session.lastHeard >= limits.expireAfter());
  }

  private void heardInModel(SessionId id) {
    model.get(id).lastHeard = modelClock;
    model.get(id).lastSaid = ++said;
  }

  private void forgetInModel() {
    while (model.size() > limits.maxSessions()
        || model.values().stream().mapToLong(Remembered::bytes).sum() > limits.maxReplyBytes()) {
      var eldest =
          model.values().stream().reduce((a, b) -> a.lastSaid < b.lastSaid ? a : b).orElseThrow();
      model.values().remove(eldest);
    }
  }

  /** Leaders take turns, and their clocks are up to 40 ms apart. */
  private long stamp() {
    return time + random.nextInt(41) - 20;
  }

  private void comparePeers() {
    var encoded = peer.encode();
    assertThat(other.encode()).as("peers at %s", index).isEqualTo(encoded);
    if (random.nextInt(20) == 0) {
      other = Sessions.decode(encoded);
    }
  }

  long lostSessions() {
    return clients.stream().filter(client -> client.lost).count();
  }

  long crashes() {
    return clients.stream().filter(client -> client.crashed).count();
  }

  /** Commands of clients that live, and have their session still. */
  List<SerialNumber> ofTheLiving() {
    var numbers = new ArrayList<SerialNumber>();
    for (var client : clients) {
      if (!client.crashed && !client.lost && client.session != null) {
        assertThat(client.answers).hasSize((int) client.next - 1);
        for (var sequence = 1L; sequence < client.next; sequence++) {
          numbers.add(new SerialNumber(client.session, sequence, 1));
        }
      }
    }
    return numbers;
  }

  /** How often each command took effect. */
  Map<SerialNumber, Integer> effects() {
    return effects;
  }
}
