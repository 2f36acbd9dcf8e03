package io.pekkoraft.testkit;

import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.testkit.linearizability.History;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** Everybody who asks something of the peers, and the history of what they saw. */
final class Clients<C, R> {
  private final World world;
  private final Trace trace;
  private final Oracles oracles;
  private final Processes<C, R> processes;
  private final int maxPending;
  private final List<Request<C, R>> requests = new ArrayList<>();
  private final History<C, R> history = new History<>();
  private final Map<Node, Integer> pending = new IdentityHashMap<>();

  Clients(World world, Trace trace, Oracles oracles, Processes<C, R> processes, int maxPending) {
    this.world = world;
    this.trace = trace;
    this.oracles = oracles;
    this.processes = processes;
    this.maxPending = maxPending;
  }

  Request<C, R> propose(PeerId peer, C command) {
    return ask(peer, command, false, replyTo -> new Propose<>(command, replyTo));
  }

  Request<C, R> read(PeerId peer, C query, ReadConsistency consistency) {
    return ask(peer, query, true, replyTo -> new Read<>(query, consistency, replyTo));
  }

  private Request<C, R> ask(
      PeerId peer, C command, boolean read, Function<ActorRef<StatusReply<R>>, RaftMessage> ask) {
    trace.say(world.now(), peer, (read ? "is asked to read " : "is asked for ") + command);
    var node = processes.reachable(peer).orElse(null);
    var call = read ? history.read(peer, command) : history.called(peer, command);
    var request = new Request<>(command, read, node, call);
    requests.add(request);
    if (node == null) {
      request.answered(StatusReply.error(new NotLeader(Optional.empty())));
      return request;
    }
    if (read) {
      oracles.askedToRead(command);
    } else {
      oracles.asked();
    }
    requireBound(node);
    pending.merge(node, 1, Integer::sum);
    ActorRef<StatusReply<R>> replyTo = Ear.of(node, answer -> answered(node, request, answer));
    world.as(node, () -> processes.reference(node).tell(ask.apply(replyTo)));
    return request;
  }

  /** Between two moments nothing waits in a mailbox, so what is pending is in the peer's table. */
  private void requireBound(Node node) {
    if (!node.isPaused() && pending.getOrDefault(node, 0) > maxPending) {
      world.fail(new AssertionError(node + " keeps more than " + maxPending + " requests waiting"));
    }
  }

  int pending(PeerId peer) {
    return processes.reachable(peer).map(node -> pending.getOrDefault(node, 0)).orElse(0);
  }

  private void answered(Node node, Request<C, R> request, StatusReply<R> answer) {
    pending.merge(node, -1, Integer::sum);
    try {
      request.answered(answer);
      trace.say(world.now(), node, 0, request::toString);
      requireSerializable(answer);
    } catch (AssertionError e) {
      world.fail(e); // Thrown here, it would only stop the peer that answers.
    }
  }

  /** Such a mistake in a test would else look like a cluster that never gets anything done. */
  private static void requireSerializable(StatusReply<?> answer) {
    if (answer.isError()
        && answer.getError() instanceof CommandRefused refused
        && refused.reason() == CommandRefused.Reason.NOT_SERIALIZABLE) {
      throw new AssertionError(refused.getMessage());
    }
  }

  List<Request<C, R>> requests() {
    return requests;
  }

  History<C, R> history() {
    return history;
  }
}
