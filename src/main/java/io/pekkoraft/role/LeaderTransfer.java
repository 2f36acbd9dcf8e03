package io.pekkoraft.role;

import io.pekkoraft.RaftEvent.TransferBegan;
import io.pekkoraft.RaftEvent.TransferBegan.Cause;
import io.pekkoraft.RaftEvent.TransferEnded;
import io.pekkoraft.RaftEvent.TransferEnded.Outcome;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;

/** How a leader leaves its office in order: at most one handover at a time (thesis §3.10). */
final class LeaderTransfer {
  private final Peer peer;
  private final Replicator replicator;
  private Optional<Handover> underWay = Optional.empty();
  private boolean told;

  LeaderTransfer(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.replicator = replicator;
  }

  boolean isUnderWay() {
    return underWay.isPresent();
  }

  /** Whether one is under way, or was given up so late that the successor may yet hear of it. */
  boolean mayHappen() {
    return isUnderWay() || told;
  }

  /** To whom, while one is under way. */
  Optional<PeerId> to() {
    return underWay.map(Handover::to);
  }

  void request(TransferLeadership request) {
    try {
      if (underWay.isPresent()) {
        throw new ChangeRefused(
            ChangeRefused.Reason.UNDER_WAY,
            peer.id() + " is handing its office over to " + underWay.get().to() + " already.");
      }
      var to = request.to().or(() -> best(PeerId.setOf())).orElseThrow(this::nobodyThere);
      if (to.equals(peer.id())) {
        request.replyTo().tell(StatusReply.success(to));
      } else if (!peer.configuration().isVoter(to)) {
        throw new ChangeRefused(
            ChangeRefused.Reason.NO_SUCH_PEER,
            to + " is not a voter of group " + peer.group() + ".");
      } else {
        begin(to, Cause.ASKED).whenOver(request.replyTo()::tell);
        handOverIfReady();
      }
    } catch (RaftException refusal) {
      request.replyTo().tell(StatusReply.error(refusal));
    }
  }

  private Handover begin(PeerId to, Cause cause) {
    var handover = new Handover(to, peer.nanoTime());
    underWay = Optional.of(handover);
    peer.publish(new TransferBegan(peer.group(), peer.id(), peer.term(), to, cause));
    replicator.endBatch();
    return handover;
  }

  private Optional<PeerId> best(Set<PeerId> leaving) {
    return replicator.best(successor -> !leaving.contains(successor));
  }

  /** The leader is to be stopped: whoever waits hears when it has left, or can't leave. */
  void stepAside(StepAside request) {
    if (underWay.isEmpty()) {
      best(request.leaving()).ifPresent(to -> begin(to, Cause.STOPPING));
    }
    underWay.ifPresentOrElse(
        handover -> handover.whenOver(ended -> request.replyTo().tell(Done.done())),
        () -> request.replyTo().tell(Done.done()));
    handOverIfReady();
  }

  /** Nobody asked, but another peer should rather lead; {@code to} that one, or the best one. */
  void leave(Optional<PeerId> to, Cause cause) {
    if (underWay.isEmpty()) {
      to.or(() -> best(PeerId.setOf())).ifPresent(successor -> begin(successor, cause));
      handOverIfReady();
    }
  }

  private ChangeRefused nobodyThere() {
    return new ChangeRefused(
        ChangeRefused.Reason.NO_SUCH_PEER, "There is nobody to hand the office over to.");
  }

  /**
   * The successor has the whole log: nothing else can win, and it need not wait. And all of it is
   * applied here, so that nobody who proposed something is left without an answer.
   */
  void handOverIfReady() {
    underWay
        .filter(handover -> !handover.isTold())
        .filter(handover -> peer.configuration().isVoter(handover.to()))
        .filter(handover -> replicator.match(handover.to()).equals(peer.log().lastIndex()))
        .filter(handover -> peer.applier().lastApplied().equals(peer.log().lastIndex()))
        .ifPresent(
            handover -> {
              peer.outbox().now(handover.to(), new TimeoutNow(peer.id(), peer.term()));
              handover.told();
              told = true;
            });
  }

  /**
   * The leader leaves in any case: whoever can take over need not wait for an election time-out.
   */
  void tellBest() {
    replicator
        .best(successor -> true)
        .filter(best -> replicator.match(best).equals(peer.log().lastIndex()))
        .ifPresent(best -> peer.outbox().now(best, new TimeoutNow(peer.id(), peer.term())));
  }

  void giveUpInTime() {
    underWay
        .filter(
            handover ->
                peer.nanoTime() - handover.began()
                    > peer.settings().electionTimeout().max().toNanos())
        .ifPresent(
            handover -> {
              underWay = Optional.empty();
              handover.givenUp();
              ended(handover, Outcome.GIVEN_UP);
            });
  }

  /** The leader leaves, whoever made it. */
  void left() {
    underWay.ifPresent(
        handover -> {
          handover.leaves();
          ended(handover, handover.isTold() ? Outcome.LEFT : Outcome.DEPOSED);
        });
  }

  private void ended(Handover handover, Outcome outcome) {
    peer.publish(new TransferEnded(peer.group(), peer.id(), peer.term(), handover.to(), outcome));
  }
}
