package io.pekkoraft.testkit;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.client.ClientRequest;
import io.pekkoraft.client.ClientSetup;
import io.pekkoraft.client.PeerAccess;
import io.pekkoraft.client.SessionClient;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.testkit.linearizability.History;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/**
 * A process with a client of the group in it: the production one, which numbers its commands, asks
 * again, and is told of each command's end. Between it and the peers requests and answers get lost
 * or late.
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public final class SimulatedClient<C, R> {
  private final Surroundings<C, R> around;
  private final World world;
  private final Trace trace;
  private final History<C, R> ofTheSession = new History<>();
  private final List<Request<C, R>> requests = new ArrayList<>();
  private final Set<SerialNumber> sent = new HashSet<>();
  private final Node node;
  private final ActorSystem<ClientRequest<C, R>> client;
  private long seen;
  private boolean deaf;
  private boolean mute;

  /**
   * What all clients of a simulation share.
   *
   * @param requests where all that is asked for is kept
   */
  record Surroundings<C, R>(
      World world,
      Trace trace,
      Coverage coverage,
      Oracles oracles,
      Network network,
      Processes<C, R> processes,
      List<PeerId> peers,
      RaftSettings settings,
      Forward<C, R> forward,
      History<C, R> history,
      List<Request<C, R>> requests) {}

  SimulatedClient(PeerId name, Surroundings<C, R> around) {
    this.around = around;
    this.world = around.world();
    this.trace = around.trace();
    this.node = new Node(world, name, 1, null);
    this.client =
        around
            .processes()
            .boot(
                node,
                SessionClient.create(
                    new ClientSetup(
                        "simulated",
                        around::peers,
                        around.settings(),
                        access(),
                        node::nanoTime,
                        world.random())));
  }

  private PeerAccess access() {
    return new PeerAccess() {
      @Override
      public <A> boolean ask(
          PeerId to,
          Function<ActorRef<StatusReply<A>>, ClientMessage.Request<A>> request,
          Consumer<StatusReply<A>> answer) {
        ActorRef<StatusReply<A>> replyTo = Ear.of(node, reply -> answeredBy(answer, reply));
        var message = request.apply(replyTo);
        if (!mute) {
          around.network().carry(() -> deliver(to, message));
        }
        return true; // Over a network nobody can tell.
      }
    };
  }

  private void deliver(PeerId to, ClientMessage.Request<?> message) {
    var peer = around.processes().reachable(to).orElse(null);
    if (peer == null) {
      return;
    }
    if (message instanceof ClientMessage.ProposeOnce<?, ?> once) {
      var number = once.number();
      var isNew = sent.add(new SerialNumber(number.session(), number.sequence(), 1));
      count(isNew ? "sent" : "sent again");
    }
    if (message instanceof ClientMessage.Query<?> query) {
      around.oracles().askedToRead(query.query());
    } else {
      around.oracles().asked();
    }
    trace.say(world.now(), to, node.peer() + " asks for " + said(message));
    world.as(peer, () -> around.processes().reference(peer).tell(message));
  }

  private <A> void answeredBy(Consumer<StatusReply<A>> answer, StatusReply<A> reply) {
    if (reply.isError()) {
      count(reply.getError().getClass().getSimpleName());
    }
    around
        .network()
        .carry(
            () -> {
              if (node.isAlive() && !deaf) {
                world.as(node, () -> answer.accept(reply));
              }
            });
  }

  private void count(String what) {
    around.coverage().count(Coverage.Kind.SESSION, what);
  }

  private static String said(ClientMessage.Request<?> message) {
    if (message instanceof ClientMessage.ProposeOnce<?, ?> once) {
      return once.number() + " from " + once.number().lowestUnanswered() + " on: " + once.command();
    }
    return message instanceof ClientMessage.Query<?> query
        ? query.query() + ", " + query.consistency()
        : message.getClass().getSimpleName();
  }

  /** Proposes, and does not wait: the client asks again until its time is over. */
  public Request<C, R> propose(C command) {
    var request =
        new Request<>(command, false, node, around.history().called(node.peer(), command));
    return ask(
        request,
        replyTo -> new ClientRequest.Propose<>(command, replyTo),
        () -> seen = Math.max(seen, around.forward().placeOf(command)));
  }

  /** A linearizable read. */
  public Request<C, R> read(C query) {
    var request = new Request<>(query, true, node, around.history().read(node.peer(), query));
    return ask(
        request,
        replyTo -> new ClientRequest.Read<>(query, ReadConsistency.linearizable(), replyTo),
        () -> {});
  }

  /** Sees at least what this client has seen or written. */
  public Request<C, R> readOfSession(C query) {
    var request = new Request<>(query, true, node, ofTheSession.read(node.peer(), query));
    var before = seen;
    return ask(
        request,
        replyTo -> new ClientRequest.Read<>(query, ReadConsistency.session(), replyTo),
        () -> seen = Math.max(seen, around.forward().explain(before, request)));
  }

  private Request<C, R> ask(
      Request<C, R> request,
      Function<ActorRef<StatusReply<R>>, ClientRequest<C, R>> message,
      Runnable whenDone) {
    trace.say(world.now(), node.peer(), "wants " + request.command());
    requests.add(request);
    around.requests().add(request);
    ActorRef<StatusReply<R>> replyTo = Ear.of(node, answer -> answered(request, answer, whenDone));
    world.as(node, () -> client.tell(message.apply(replyTo)));
    return request;
  }

  private void answered(Request<C, R> request, StatusReply<R> answer, Runnable whenDone) {
    try {
      request.answered(answer);
      trace.say(world.now(), node, 0, request::toString);
      if (request.outcome() == Request.Outcome.DONE) {
        whenDone.run();
      }
    } catch (AssertionError e) {
      world.fail(e); // Thrown here, it would only stop the client.
    }
  }

  /** How many requests have no answer yet. */
  public long pending() {
    requests.removeIf(request -> request.outcome() != Request.Outcome.PENDING);
    return requests.size();
  }

  /** Its requests arrive, and no answer comes back. */
  public void hearsNothing() {
    deaf = true;
  }

  /** Nothing goes in or out. */
  public void cutOff() {
    deaf = true;
    mute = true;
  }

  public void comesBack() {
    deaf = false;
    mute = false;
  }

  /** The process dies, and nobody will hear the answers. */
  public void crash() {
    if (node.isAlive()) {
      trace.say(world.now(), node.peer(), "dies");
      node.kill();
    }
  }
}
