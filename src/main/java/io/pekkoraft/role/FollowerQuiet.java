package io.pekkoraft.role;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.PeerMessage.Rouse;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a follower rests while its leader has nothing to say ({@code pekko-raft.quiet}): instead of
 * an election time-out it waits for the end of its leader's life, and, should nobody tell, for a
 * very long time.
 */
final class FollowerQuiet {
  /** So many rounds of a quiet leader may get lost. */
  private static final int MISSED_ROUNDS = 4;

  private final Peer peer;

  /** In which life the leader was elected: another one does not lead this term. */
  private OptionalLong life = OptionalLong.empty();

  private boolean quiet;
  private long since;

  FollowerQuiet(Peer peer) {
    this.peer = peer;
  }

  boolean isQuiet() {
    return quiet;
  }

  /** Whether it is quiet, and its leader is there as it was. */
  boolean isTrusting(Optional<PeerId> leader) {
    return quiet && leader.filter(this::isInSameLife).isPresent();
  }

  private boolean isInSameLife(PeerId leader) {
    return life.isPresent() && peer.neighbours().life(leader).equals(life);
  }

  /** The leader has said something that is not of an earlier time. */
  void heard(PeerId leader) {
    if (life.isEmpty() && peer.settings().quiet().isOn()) {
      life = peer.neighbours().life(leader);
    }
  }

  /** Whether what the leader said in {@code round} was overtaken by its wish for quiet. */
  boolean isOld(long round) {
    return quiet && round < since;
  }

  /**
   * The leader wants quiet. Whoever lacks anything that is committed, or could not tell when the
   * leader goes, does not agree.
   *
   * @param waiting whether something waits for the leader here
   */
  void request(GoQuiet request, boolean waiting) {
    var hasAll =
        peer.log().last().equals(request.last())
            && peer.log().committed().equals(request.last().index());
    if (!peer.settings().quiet().isOn()
        || !hasAll
        || waiting
        || peer.isDisowned()
        || !isInSameLife(request.from())) {
      end();
      peer.outbox().now(request.from(), new Rouse(peer.id(), peer.term()));
      return;
    }
    peer.neighbours().forget();
    quiet = true;
    since = request.round();
    peer.electionTimer().rest(patience());
    peer.outbox()
        .whenDurable(
            request.from(),
            new GoneQuiet(peer.id(), peer.term(), request.round(), peer.incarnation()));
    peer.neighbours().watch(request.from(), life.getAsLong(), peer.context().getSelf().narrow());
  }

  /** At random, so that not all groups of a process that nobody told of look up at once. */
  private Duration patience() {
    var round = peer.settings().quiet().heartbeatInterval().toNanos();
    return Duration.ofNanos(MISSED_ROUNDS * round + peer.random().nextLong(round));
  }

  /** Whether {@code gone} is what it has waited for. */
  boolean isAbout(NeighbourGone gone, Optional<PeerId> leader) {
    return quiet
        && leader.equals(Optional.of(gone.peer()))
        && life.equals(OptionalLong.of(gone.life()));
  }

  /** From now on the leader has to be heard again, within an election time-out. */
  void end() {
    if (quiet) {
      quiet = false;
      peer.neighbours().forget();
      peer.electionTimer().restart();
    }
  }
}
