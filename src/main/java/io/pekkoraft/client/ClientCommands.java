package io.pekkoraft.client;

import io.pekkoraft.Answered;
import io.pekkoraft.RaftException;
import io.pekkoraft.client.ClientRequest.Propose;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.pattern.StatusReply;

/**
 * A client's commands, each with a number of its session's (thesis §6.3). When the session is lost,
 * a command that surely never took effect goes on in the next; of any other nobody can tell any
 * more.
 */
final class ClientCommands<R> {
  private final ClientSetup setup;
  private final Errands errands;
  private final ClientSession session;
  private final ClientReads<R> reads;

  /** By their arrival: those that wait for a session, or for room in it. */
  private final SortedMap<Long, Waiting<R>> waiting = new TreeMap<>();

  private long arrivals;
  private boolean ended;

  private record Waiting<R>(long arrival, Propose<?, R> request, long deadline) {}

  ClientCommands(ClientSetup setup, Errands errands, ClientSession session, ClientReads<R> reads) {
    this.setup = setup;
    this.errands = errands;
    this.session = session;
    this.reads = reads;
  }

  /** How many were not sent yet. */
  int waiting() {
    return waiting.size();
  }

  void propose(Propose<?, R> request, long deadline) {
    waiting.put(++arrivals, new Waiting<>(arrivals, request, deadline));
    advance();
  }

  private void advance() {
    if (ended || waiting.isEmpty()) {
      return;
    }
    if (session.current().isEmpty()) {
      session.open(this::advance, this::failAll);
      return;
    }
    var current = session.current().get();
    while (!waiting.isEmpty() && current.hasRoom(setup.settings().client().maxInFlight())) {
      send(current, waiting.remove(waiting.firstKey()));
    }
  }

  private void send(Numbering numbering, Waiting<R> next) {
    var sequence = numbering.take();
    errands.add(
        new Errand<Answered<R>>(
            replyTo ->
                new ProposeOnce<>(numbering.serial(sequence), next.request().command(), replyTo),
            true,
            setup.nanoTime().getAsLong(),
            next.deadline(),
            new Proposing(numbering, sequence, next)));
  }

  /** The first to come are the first to be late. */
  void tick() {
    var now = setup.nanoTime().getAsLong();
    while (!waiting.isEmpty() && now - waiting.get(waiting.firstKey()).deadline() >= 0) {
      neverSent(waiting.remove(waiting.firstKey()));
    }
    advance();
  }

  private void neverSent(Waiting<R> late) {
    tell(late, StatusReply.error(errands.nothingHappened(session.refusal())));
  }

  /** None of those that wait was sent. */
  private void failAll(Throwable failure) {
    for (var next : List.copyOf(waiting.values())) {
      waiting.remove(next.arrival());
      tell(next, StatusReply.error(failure));
    }
  }

  /** The client stops. */
  void end() {
    ended = true;
    waiting.values().forEach(this::neverSent);
    waiting.clear();
  }

  private static <R> void tell(Waiting<R> asker, StatusReply<R> reply) {
    asker.request().replyTo().tell(reply);
  }

  private final class Proposing implements Errand.Ending<Answered<R>> {
    private final Numbering numbering;
    private final long sequence;
    private final Waiting<R> wanted;

    private Proposing(Numbering numbering, long sequence, Waiting<R> wanted) {
      this.numbering = numbering;
      this.sequence = sequence;
      this.wanted = wanted;
    }

    @Override
    public void succeeded(Answered<R> answer) {
      session.heard(numbering);
      reads.saw(answer.index());
      settle(StatusReply.success(answer.result()));
    }

    @Override
    public void failed(Throwable failure) {
      settle(StatusReply.error(failure));
    }

    @Override
    public void expired(boolean untouched) {
      session.lost(numbering);
      if (untouched) {
        numbering.settled(sequence);
        waiting.put(wanted.arrival(), wanted);
        advance();
      } else {
        settle(StatusReply.error(errands.unknown()));
      }
    }

    @Override
    public void late(boolean untouched, Optional<RaftException> refusal) {
      settle(StatusReply.error(untouched ? errands.nothingHappened(refusal) : errands.unknown()));
    }

    /** From here on it is never sent again, and the peers may forget it. */
    private void settle(StatusReply<R> reply) {
      numbering.settled(sequence);
      tell(wanted, reply);
      advance();
    }
  }
}
