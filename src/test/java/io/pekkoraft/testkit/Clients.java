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
import java.util.function.Consumer;
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
  private final History<C, R> ofReadsThatMayMissSome = new History<>();
  private final Acknowledged acknowledged = new Acknowledged();
  private final Forward<C, R> forward;
  private final Map<Node, Integer> pending = new IdentityHashMap<>();

  Clients(
      World world,
      Trace trace,
      Oracles oracles,
      Processes<C, R> processes,
      Forward<C, R> forward,
      int maxPending) {
    this.forward = forward;
    this.world = world;
    this.trace = trace;
    this.oracles = oracles;
    this.processes = processes;
    this.maxPending = maxPending;
  }

  Request<C, R> propose(PeerId peer, C command) {
    var call = history.called(peer, command);
    return ask(
        peer,
        command,
        call,
        false,
        replyTo -> new Propose<>(command, replyTo),
        done -> acknowledged.add(world.now(), forward.placeOf(command)));
  }

  Request<C, R> read(PeerId peer, C query, ReadConsistency consistency) {
    Function<ActorRef<StatusReply<R>>, RaftMessage> read =
        replyTo -> new Read<>(query, consistency, replyTo);
    if (!Acknowledged.mayMissSome(consistency)) {
      return ask(peer, query, history.read(peer, query), true, read, done -> {});
    }
    var needed = acknowledged.needed(consistency, world.now());
    return ask(
        peer,
        query,
        ofReadsThatMayMissSome.read(peer, query),
        true,
        read,
        done -> forward.explain(needed, done));
  }

  /** The highest index that any of them has heard of. */
  long latestAcknowledged() {
    return acknowledged.latest();
  }

  private Request<C, R> ask(
      PeerId peer,
      C command,
      History<C, R>.Call call,
      boolean read,
      Function<ActorRef<StatusReply<R>>, RaftMessage> ask,
      Consumer<Request<C, R>> done) {
    trace.say(world.now(), peer, (read ? "is asked to read " : "is asked for ") + command);
    var node = processes.reachable(peer).orElse(null);
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
    ActorRef<StatusReply<R>> replyTo =
        Ear.of(node, answer -> answered(node, request, answer, done));
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

  private void answered(
      Node node, Request<C, R> request, StatusReply<R> answer, Consumer<Request<C, R>> done) {
    pending.merge(node, -1, Integer::sum);
    try {
      request.answered(answer);
      trace.say(world.now(), node, 0, request::toString);
      requireSerializable(answer);
      if (answer.isSuccess()) {
        done.accept(request);
      }
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
