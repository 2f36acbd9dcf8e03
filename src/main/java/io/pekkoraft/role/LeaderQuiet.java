package io.pekkoraft.role;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.SelfMessage;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a leader that has nothing to do lets its group rest ({@code pekko-raft.quiet}). Its followers
 * have to agree, all of them, for whoever does not hear it and has not agreed would soon look for
 * another leader. Anything that anybody wants ends it.
 *
 * <pre>
 *   awake ──idle for quiet.after──▶ asking ──all agree──▶ quiet ──┐ every quiet.heartbeat-interval:
 *     ▲                               │                     │  ◀──┘ do all still agree?
 *     └──────── not idle, a request, somebody is not quiet ─┘
 * </pre>
 *
 * <p>While it is quiet it is known of nobody that it still follows. So nothing that rests on a
 * recent answer holds: no lease, no stale read, no count of who is there.
 */
final class LeaderQuiet {
  private static final SelfMessage HEARTBEAT = new SelfMessage.HeartbeatTick();

  private final Peer peer;
  private final Replicator replicator;
  private State state = State.AWAKE;
  private long idleSince;
  private long awakeSince;
  private long askedAt;

  /** The first round of those in which quiet was asked for, since something happened. */
  private long firstAsked;

  private long lastAsked;

  /** In which round each follower has agreed last. */
  private final SortedMap<PeerId, Long> agreed = new TreeMap<>();

  /** In which life it was then: another one has not agreed, and may know nobody it could ask. */
  private final SortedMap<PeerId, Long> lives = new TreeMap<>();

  private enum State {
    AWAKE,
    ASKING,
    QUIET
  }

  LeaderQuiet(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.replicator = replicator;
    this.idleSince = peer.nanoTime();
    this.awakeSince = idleSince;
  }

  void begin() {
    peer.timers()
        .startTimerWithFixedDelay(HEARTBEAT, HEARTBEAT, peer.settings().heartbeatInterval());
  }

  void leave() {
    peer.neighbours().forget();
    peer.timers().cancel(HEARTBEAT);
  }

  boolean isQuiet() {
    return state == State.QUIET;
  }

  boolean isAwake() {
    return state == State.AWAKE;
  }

  /** Since when followers must answer; before, they were let rest. In nanoseconds. */
  long awakeSince() {
    return awakeSince;
  }

  /** The group is not idle, but nobody has to be woken for it. */
  void used() {
    idleSince = peer.nanoTime();
  }

  /** Somebody wants something: all listen and answer again. */
  void busy() {
    used();
    if (isAwake()) {
      return;
    }
    if (isQuiet()) {
      peer.neighbours().forget();
      awakeSince = idleSince;
      begin();
    }
    state = State.AWAKE;
    replicator.heartbeat();
  }

  /**
   * A heartbeat is due, and the group is not quiet.
   *
   * @param idle whether there is nothing to do
   */
  void tick(boolean idle) {
    var after = peer.settings().quiet().after();
    if (after.isEmpty() || !idle) {
      used();
      state = State.AWAKE;
      replicator.heartbeatByTheClock();
    } else if (isAwake() && peer.nanoTime() - idleSince < after.get().toNanos()) {
      replicator.heartbeatByTheClock();
    } else if (isAwake()) {
      state = State.ASKING;
      askedAt = peer.nanoTime();
      ask();
      firstAsked = lastAsked;
      restIfAllAgree();
    } else if (peer.nanoTime() - askedAt > peer.settings().electionTimeout().max().toNanos()) {
      busy(); // Somebody does not answer.
    } else {
      ask();
    }
  }

  /** Nothing else is said meanwhile: for those who do not agree it is as good as a heartbeat. */
  private void ask() {
    lastAsked = replicator.askForQuiet();
  }

  void answered(GoneQuiet reply) {
    replicator.answered(reply);
    var life = peer.neighbours().life(reply.from());
    if (!isAwake() && reply.round() >= firstAsked && life.isPresent()) {
      lives.put(reply.from(), life.getAsLong());
      agreed.merge(reply.from(), reply.round(), Math::max);
      restIfAllAgree();
    }
  }

  private void restIfAllAgree() {
    if (state == State.ASKING && haveAllAgreed(firstAsked)) {
      state = State.QUIET;
      lookAgainLater();
      var self = peer.context().getSelf();
      replicator
          .followers()
          .forEach(other -> peer.neighbours().watch(other, lives.get(other), self.narrow()));
    }
  }

  private boolean haveAllAgreed(long since) {
    return replicator.followers().stream()
        .allMatch(follower -> agreed.getOrDefault(follower, 0L) >= since);
  }

  /** At random, so that not all groups of a process look at once. */
  private void lookAgainLater() {
    var interval = peer.settings().quiet().heartbeatInterval().toNanos();
    var wait = Duration.ofNanos(interval * 3 / 4 + peer.random().nextLong(interval / 2));
    peer.timers().startSingleTimer(HEARTBEAT, HEARTBEAT, wait);
  }

  /** The group has been quiet for a while: does everybody still agree? */
  void look() {
    if (haveAllAgreed(lastAsked)) {
      ask();
      lookAgainLater();
    } else {
      busy();
    }
  }

  /**
   * Whether the group was woken, and not all followers have answered since: for an election
   * time-out they may yet, and who is there is not known before.
   */
  boolean isSettling() {
    return isQuiet()
        || !replicator.isHeardByAll(awakeSince)
            && peer.nanoTime() - awakeSince <= peer.settings().electionTimeout().max().toNanos();
  }
}
