package io.pekkoraft.client;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.RaftSettings.Client;
import io.pekkoraft.client.ClientEvent.Answer;
import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * All that a client waits for: sends it, sends it elsewhere, later or again, until it is answered
 * or late. By the rules that the answers' types promise: what says that surely nothing happened is
 * taken at its word, and all else may take effect yet.
 */
final class Errands {
  private final ClientSetup setup;
  private final Client settings;
  private final ActorRef<ClientEvent> self;
  private final LeaderGuess leader;
  private final SortedMap<Long, Errand<?>> open = new TreeMap<>();
  private List<PeerId> peers;
  private long number;
  private int turn;

  Errands(ClientSetup setup, ActorRef<ClientEvent> self) {
    this.setup = setup;
    this.settings = setup.settings().client();
    this.self = self;
    this.peers = setup.peers().get();
    this.leader =
        new LeaderGuess(
            () -> peers, settings.retryBackoff().toNanos(), settings.resendAfter().toNanos());
  }

  int size() {
    return open.size();
  }

  void add(Errand<?> errand) {
    open.put(++number, errand);
    send(number, errand);
  }

  // Sending.

  /** What is late is given up, and what is due is sent, again perhaps. */
  void tick() {
    var now = now();
    peers = setup.peers().get();
    for (var each : List.copyOf(open.keySet())) {
      var errand = open.get(each);
      if (errand.isLate(now)) {
        open.remove(each);
        errand.late();
      } else if (errand.isDue(now)) {
        if (errand.isForLeader()) {
          errand.asked().ifPresent(silent -> leader.isSilent(silent, now));
        }
        send(each, errand);
      }
    }
  }

  private void sendDue() {
    var now = now();
    for (var each : List.copyOf(open.keySet())) {
      if (open.get(each).isDue(now)) {
        send(each, open.get(each));
      }
    }
  }

  private void send(long each, Errand<?> errand) {
    var now = now();
    for (var tried = 0; tried < peers.size(); tried++) {
      var to = errand.isForLeader() ? leader.ask(now) : Optional.of(nextInTurn());
      if (to.isEmpty() || isSent(each, errand, to.get(), now)) {
        return;
      }
      if (errand.isForLeader()) {
        leader.isSilent(to.get(), now);
      }
    }
    errand.notSent(now + settings.retryBackoff().toNanos());
  }

  private <A> boolean isSent(long each, Errand<A> errand, PeerId to, long now) {
    var attempt = errand.nextAttempt();
    var isThere =
        setup
            .access()
            .<A>ask(to, errand.request(), reply -> self.tell(new Answer(each, attempt, to, reply)));
    if (isThere) {
      errand.sent(to, now + settings.resendAfter().toNanos());
    }
    return isThere;
  }

  private PeerId nextInTurn() {
    turn = (turn + 1) % peers.size();
    return peers.get(turn);
  }

  // Answers.

  void answered(Answer answer) {
    var errand = open.get(answer.errand());
    if (errand == null) {
      return; // It is over: another copy was answered, or it was given up.
    }
    if (answer.reply().isSuccess()) {
      open.remove(answer.errand());
      leads(errand, answer.from());
      succeed(errand, answer.reply().getValue());
    } else {
      failed(errand, answer, answer.reply().getError());
    }
  }

  @SuppressWarnings("unchecked") // It is the answer to this very request.
  private static <A> void succeed(Errand<A> errand, Object answer) {
    errand.succeeded((A) answer);
  }

  private void failed(Errand<?> errand, Answer answer, Throwable failure) {
    var now = now();
    var attempt = answer.attempt();
    if (failure instanceof NotLeader elsewhere) {
      if (errand.isForLeader()) {
        leader.doesNotLead(answer.from(), elsewhere.leader(), now);
        errand.refused(attempt, elsewhere, now);
      } else {
        errand.refused(attempt, elsewhere, now + backoff(errand));
      }
      sendDue();
    } else if (failure instanceof Overloaded later) {
      errand.refused(attempt, later, now + backoff(errand));
    } else if (failure instanceof OutcomeUnknown) {
      leader.left(answer.from(), now);
      errand.lost(attempt, now);
      sendDue();
    } else {
      open.remove(answer.errand());
      leads(errand, answer.from());
      if (failure instanceof SessionExpired) {
        errand.expired();
      } else {
        errand.failed(failure);
      }
    }
  }

  private void leads(Errand<?> errand, PeerId peer) {
    if (errand.isForLeader() && leader.leads(peer)) {
      sendDue();
    }
  }

  /** Longer each time, and never the same for two clients. */
  private long backoff(Errand<?> errand) {
    var longest = settings.resendAfter().toNanos();
    var wait = settings.retryBackoff().toNanos() << Math.min(errand.refusals(), 20);
    var bound = wait > 0 ? Math.min(wait, longest) : longest;
    return bound / 2 + (long) (setup.random().nextDouble() * bound / 2);
  }

  private long now() {
    return setup.nanoTime().getAsLong();
  }

  /** The client stops: whoever waits is told what may become of it. */
  void end() {
    for (var each : List.copyOf(open.keySet())) {
      open.remove(each).late();
    }
  }

  /** Why nothing happened within the time, as far as a peer said why. */
  RaftException nothingHappened(Optional<RaftException> refusal) {
    return refusal
        .filter(Overloaded.class::isInstance)
        .orElseGet(
            () ->
                new NotLeader(
                    "No peer of group "
                        + setup.group()
                        + " "
                        + peers
                        + " served the request within "
                        + settings.timeout()
                        + " (pekko-raft.client.timeout); surely nothing happened.",
                    Optional.empty()));
  }

  OutcomeUnknown unknown() {
    return new OutcomeUnknown(
        "The command was sent, and there was no answer within "
            + settings.timeout()
            + " (pekko-raft.client.timeout); it may have taken effect, once, or may yet.");
  }
}
