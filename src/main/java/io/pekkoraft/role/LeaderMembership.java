package io.pekkoraft.role;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.membership.ChangeRefused;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.KeepingPace;
import io.pekkoraft.membership.KeepingPace.Verdict;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.PeerMessage.Answer;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.pattern.StatusReply;

/**
 * How a leader changes who belongs to the group (§6), one change at a time. Who shall vote first
 * catches up with the log, while nothing of the change is in the log yet: so a newcomer that is
 * slow or gone holds up nothing but the change itself. Then comes the joint configuration, then, as
 * soon as that is committed, the new one.
 *
 * <pre>
 *   request ──▶ newcomers catch up ──▶ C(old,new) ──▶ C(new) ──▶ reply, and who left is told
 *                      │                    ▲
 *                      └─▶ refused          └── or one that an earlier leader began
 * </pre>
 */
final class LeaderMembership {
  private final Peer peer;
  private final Term term;
  private final Replicator replicator;

  /**
   * The first entry of the leader's own term: before it is committed, an older configuration may be
   * about to be that the leader does not know (thesis §4.1 and its correction of 2015).
   */
  private final LogIndex firstOwn;

  private Optional<ChangeMembership> underWay = Optional.empty();

  /** Came when the group had just been woken, before anybody had answered. */
  private Optional<ChangeMembership> early = Optional.empty();

  private final SortedMap<PeerId, KeepingPace> catchingUp = new TreeMap<>();

  /** Begun after the change was asked for. */
  private long proof;

  private final SortedMap<PeerId, Farewell> leaving = new TreeMap<>();

  /** As whom each follower has answered first, since it is one; and the leader itself. */
  private final SortedMap<PeerId, Incarnation> met = new TreeMap<>();

  /** Made before the leader appends its first entry. */
  LeaderMembership(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.term = peer.term();
    this.replicator = replicator;
    this.firstOwn = peer.log().lastIndex().next();
    met.put(peer.id(), peer.incarnation());
    // Whoever led before may not have come to it.
    peer.membership().left().forEach(this::sayFarewell);
  }

  // A change begins.

  /**
   * @param handingOver whether the office is being handed over, so that nothing new is begun
   * @param settling whether it is not known yet who is there
   */
  void request(ChangeMembership request, boolean handingOver, boolean settling) {
    if (settling && early.isEmpty()) {
      early = Optional.of(request);
    } else {
      request(request, handingOver);
    }
  }

  private void goOnWithEarly(boolean handingOver, boolean settling) {
    if (early.isPresent() && !settling) {
      var request = early.get();
      early = Optional.empty();
      request(request, handingOver);
    }
  }

  private void request(ChangeMembership request, boolean handingOver) {
    try {
      var other = underWay.or(() -> early);
      if (handingOver || other.isPresent()) {
        throw new ChangeRefused(
            ChangeRefused.Reason.UNDER_WAY,
            handingOver
                ? peer.id() + " is handing its office over."
                : "Another change is under way: " + other.get().change() + ".");
      }
      // It is refused before anybody has to catch up for it.
      requireMajority(next(request), request.change().add());
      underWay = Optional.of(request);
      for (var newcomer : request.change().add()) {
        meet(newcomer);
        catchingUp.put(
            newcomer, new KeepingPace(peer.log().lastIndex(), peer.nanoTime(), bounds()));
      }
      replicator.beginRound(); // Who is new has nothing to wait for.
      proof = replicator.rounds().last();
      beginWhenAllAreThere();
    } catch (ChangeRefused refusal) {
      request.replyTo().tell(StatusReply.error(refused(refusal)));
    }
  }

  /** Whoever does not belong to the group, whatever was known of it before, begins anew. */
  private void meet(PeerId newcomer) {
    if (!peer.configuration().contains(newcomer)) {
      forget(newcomer);
      replicator.followAnew(newcomer);
    }
  }

  /**
   * Whoever loses sight of a peer removes it, and not one of those that are left: that would end in
   * a configuration in which nothing is ever decided again.
   *
   * @param newcomers will be there when it comes to that, or there will be no change
   */
  private void requireMajority(Configuration next, Set<PeerId> newcomers) {
    var there = new TreeSet<>(replicator.audible());
    there.retainAll(met.keySet());
    there.addAll(newcomers);
    if (!next.isMajority(there)) {
      throw new ChangeRefused(
          ChangeRefused.Reason.NO_MAJORITY,
          "Of the voters " + next.electorate() + " only " + there + " are there.");
    }
  }

  private Configuration next(ChangeMembership request) {
    return naming(peer.membership().next(request.change(), peer.log().committed(), firstOwn));
  }

  private KeepingPace.Bounds bounds() {
    var membership = peer.settings().membership();
    return new KeepingPace.Bounds(
        membership.maxCatchUpRounds(),
        peer.settings().electionTimeout().min().toNanos(),
        membership.catchUpPatience().toNanos());
  }

  private static RaftException refused(ChangeRefused refusal) {
    return new RaftException.ChangeRefused(
        RaftException.ChangeRefused.Reason.of(refusal.reason()), refusal.getMessage());
  }

  // Those who shall vote catch up.

  /** Looks how far those who are to vote have come; for the rest see {@link #request}. */
  void look(boolean settling, boolean handingOver) {
    goOnWithEarly(handingOver, settling);
    if (!catchingUp.isEmpty()) {
      beginWhenAllAreThere();
    }
  }

  private void beginWhenAllAreThere() {
    var verdicts = new TreeMap<PeerId, Verdict>();
    catchingUp.forEach((newcomer, rounds) -> verdicts.put(newcomer, look(newcomer, rounds)));
    var tooSlow =
        verdicts.keySet().stream().filter(id -> verdicts.get(id) == Verdict.TOO_SLOW).findFirst();
    if (tooSlow.isPresent()) {
      giveUp(
          new RaftException.ChangeRefused(
              RaftException.ChangeRefused.Reason.TIMED_OUT,
              tooSlow.get()
                  + " does not keep pace with the log, or is not there; all is as it was."));
    } else if (verdicts.values().stream().allMatch(Verdict.CAUGHT_UP::equals)) {
      begin();
    }
  }

  /** While they caught up, others may have gone. */
  private void begin() {
    try {
      var next = next(underWay.orElseThrow());
      requireMajority(next, PeerId.setOf());
      append(next);
    } catch (ChangeRefused refusal) {
      giveUp(refused(refusal));
    }
  }

  /**
   * A learner has long been sent the log, but may have lost its disk a moment ago: what is known of
   * it counts once it has answered since it was named.
   */
  private Verdict look(PeerId newcomer, KeepingPace rounds) {
    var isThere = replicator.rounds().answeredBy(newcomer) >= proof;
    return rounds.look(
        isThere ? replicator.match(newcomer) : LogIndex.ZERO,
        replicator.seen(newcomer),
        replicator.snapshots().progress(newcomer),
        peer.log().lastIndex(),
        peer.nanoTime());
  }

  private void giveUp(RaftException reason) {
    catchingUp.keySet().stream()
        .filter(newcomer -> !peer.configuration().contains(newcomer))
        .forEach(this::forget);
    catchingUp.clear();
    end(StatusReply.error(reason));
  }

  // It goes through the log.

  private void append(Configuration configuration) {
    var before = peer.configuration();
    for (var other : configuration.without(peer.id())) {
      if (!catchingUp.containsKey(other)) {
        meet(other);
      }
    }
    catchingUp.clear();
    replicator.append(Entry.configuration(term, ConfigurationFormat.encode(configuration)));
    before.without(peer.id()).stream()
        .filter(other -> !configuration.contains(other))
        .forEach(this::sayFarewell);
    replicator.endBatch();
  }

  /** The commit index may have moved: goes on with whatever waited for that. */
  void goOn() {
    peer.membership().afterJoint(peer.log().committed(), firstOwn).ifPresent(this::append);
    if (isCommitted()) {
      record();
    }
    if (isCommitted()) {
      if (underWay.isPresent() && catchingUp.isEmpty()) {
        end(StatusReply.success(peer.membership().latest()));
      }
      leaving.values().forEach(farewell -> farewell.committed(replicator.rounds().last()));
    }
  }

  private boolean isCommitted() {
    return !peer.configuration().isJoint() && peer.membership().isCommitted(peer.log().committed());
  }

  private void end(StatusReply<VersionedConfiguration> reply) {
    underWay.ifPresent(request -> request.replyTo().tell(reply));
    underWay = Optional.empty();
  }

  /** Whether nothing is about to change, and nobody is to be told that he has left. */
  boolean isSettled() {
    return isCommitted()
        && underWay.isEmpty()
        && early.isEmpty()
        && catchingUp.isEmpty()
        && leaving.isEmpty();
  }

  /** Whether the leader has lost its vote, and the group can do without it by now. */
  boolean mustStepDown() {
    return peer.membership().mustStepDown(peer.id(), peer.log().committed())
        && peer.log().committed().isAtLeast(firstOwn);
  }

  // Who they are.

  /**
   * Whether {@code answer} comes from the peer that this leader has met, if it has. Met is met,
   * also before the log says so.
   */
  boolean meets(Answer answer) {
    if (!met.containsKey(answer.from()) && !isFirst(answer)) {
      return true;
    }
    return met.computeIfAbsent(answer.from(), from -> answer.incarnation())
        .equals(answer.incarnation());
  }

  /** A snapshot's pieces may be answered late, and so may a message to who was removed since. */
  private boolean isFirst(Answer answer) {
    return answer instanceof AppendAccepted accepted
        ? !replicator.isLate(accepted.from(), accepted.round())
        : answer instanceof AppendRejected rejected
            && !replicator.isLate(rejected.from(), rejected.round());
  }

  /**
   * Names in the log, for all to know, which of the voters were met: the founders, above all, whose
   * configuration comes into the log with it (trap 27).
   */
  private void record() {
    var named = naming(peer.configuration());
    var ownTermIsCommitted = peer.log().committed().isAtLeast(firstOwn);
    if (underWay.isEmpty() && ownTermIsCommitted && !named.equals(peer.configuration())) {
      append(named);
    }
  }

  /** Learners decide nothing, so it does not matter who they are. */
  private Configuration naming(Configuration configuration) {
    var voters = new TreeMap<>(met);
    voters.keySet().retainAll(configuration.voters());
    return configuration.having(voters);
  }

  // Who has left.

  private void sayFarewell(PeerId other) {
    if (!replicator.follows(other)) {
      replicator.followAnew(other);
    }
    leaving.put(
        other,
        new Farewell(
            peer.membership().version(), peer.settings().membership().farewellHeartbeats()));
  }

  /** A follower has answered. */
  void accepted(AppendAccepted reply) {
    if (leaving.containsKey(reply.from()) && leaving.get(reply.from()).isHeard(reply)) {
      forget(reply.from());
    }
  }

  void onHeartbeat(boolean settling, boolean handingOver) {
    look(settling, handingOver);
    leaving.keySet().stream().filter(id -> leaving.get(id).isOver()).toList().forEach(this::forget);
  }

  private void forget(PeerId other) {
    leaving.remove(other);
    met.remove(other);
    replicator.forget(other);
  }

  /** The leader leaves; what is in the log, the next one goes on with. */
  void abandon() {
    early.ifPresent(
        request ->
            request
                .replyTo()
                .tell(StatusReply.error(new RaftException.NotLeader(Optional.empty()))));
    early = Optional.empty();
    if (catchingUp.isEmpty()) {
      end(
          StatusReply.error(
              new OutcomeUnknown(
                  peer.id() + " no longer leads term " + term + "; the change may yet complete.")));
    } else {
      end(StatusReply.error(new RaftException.NotLeader(Optional.empty())));
    }
  }
}
