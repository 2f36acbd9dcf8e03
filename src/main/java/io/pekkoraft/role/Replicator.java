package io.pekkoraft.role;

import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.replication.Progress;
import io.pekkoraft.replication.Rounds;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How a leader keeps its followers' logs equal to its own (§5.3). What it appends leaves in
 * batches, for its own store and for its followers at once (thesis §10.2.1).
 */
final class Replicator {
  private final Peer peer;
  private final Term term;
  private final SortedMap<PeerId, Progress> followers = new TreeMap<>();

  /** When each follower has answered a newer round than before. */
  private final SortedMap<PeerId, Long> heard = new TreeMap<>();

  private final Rounds rounds;

  /** Those that have needed a snapshot, and have not come as far as the newest one yet. */
  private final SortedSet<PeerId> catchingUp = new TreeSet<>();

  /** Who became a follower later than the others, and in which round. */
  private final SortedMap<PeerId, Long> newcomers = new TreeMap<>();

  private final LeaderSnapshots snapshots;
  private final BatchTimes times;

  /** The end of the last batch. What comes after it, nobody has seen yet, not even the store. */
  private LogIndex batched;

  private int unbatchedBytes;
  private long lastHeartbeat;

  Replicator(Peer peer) {
    this.peer = peer;
    this.term = peer.term();
    this.snapshots = new LeaderSnapshots(peer);
    this.times = new BatchTimes(peer);
    this.batched = peer.log().lastIndex();
    this.lastHeartbeat = peer.nanoTime();
    this.rounds = new Rounds(peer.id(), lastHeartbeat);
    peer.configuration().without(peer.id()).forEach(this::follow);
  }

  private void follow(PeerId follower) {
    heard.put(follower, peer.nanoTime());
    followers.put(follower, new Progress(batched.next(), peer.settings().replication()));
  }

  /**
   * Copies the log to this one as well, of which nothing is known; not even what it answered before
   * it was one of the followers, perhaps with another disk.
   */
  void followAnew(PeerId newcomer) {
    forget(newcomer);
    follow(newcomer);
    newcomers.put(newcomer, rounds.begin(peer.nanoTime()));
  }

  /** Whether {@code id} is sent the log. */
  boolean follows(PeerId id) {
    return followers.containsKey(id);
  }

  /** Leaves {@code follower} to itself. */
  void forget(PeerId follower) {
    followers.remove(follower);
    heard.remove(follower);
    newcomers.remove(follower);
    rounds.forget(follower);
    snapshots.end(follower);
    catchingUp.remove(follower);
  }

  // What leaves.

  /** Appends to the log; the entry leaves with the next batch, or at once if that is full. */
  LogIndex append(Entry entry) {
    var index = peer.append(entry);
    peer.requestFlush();
    // A flood would else keep the followers waiting until the mailbox is empty.
    unbatchedBytes += entry.payload().size();
    if (unbatchedBytes >= peer.settings().replication().maxBatchBytes()) {
      endBatch();
    }
    return index;
  }

  void endBatch() {
    stageNew();
    followers.forEach(this::replicate);
  }

  /**
   * What was taken on but did not leave yet stays in the log, so the store must have it as well.
   */
  void stageNew() {
    unbatchedBytes = 0;
    while (peer.log().lastIndex().isAfter(batched)) {
      var first = batched.next();
      var batch = pack(first, peer.log().lastIndex());
      peer.stage(new EntriesAppended(first, batch));
      batched = batched.plus(batch.size());
      times.left(batched, batch.size());
    }
  }

  private Batch pack(LogIndex first, LogIndex last) {
    return peer.log().pack(first, last, peer.settings().replication().maxBatchBytes());
  }

  private void replicate(PeerId follower, Progress progress) {
    if (progress.next().previous().compareTo(peer.log().base().index()) < 0) {
      progress.needsSnapshot();
      catchingUp.add(follower);
      snapshots.begin(follower);
    }
    while (progress.maySend() && batched.isAtLeast(progress.next())) {
      send(follower, progress, pack(progress.next(), batched), false);
    }
  }

  /**
   * @param unhurried whether a follower from which there is nothing to learn may hear it later
   */
  private void send(PeerId follower, Progress progress, Batch batch, boolean unhurried) {
    // A follower that needs a snapshot refuses this, and so tells that it still follows.
    var previous = peer.log().at(progress.next().previous().max(peer.log().base().index()));
    progress.sent(batch);
    var message =
        new AppendEntries(peer.id(), term, previous, batch, peer.log().committed(), rounds.last());
    if (unhurried && progress.isLevel()) {
      peer.outbox().soon(follower, message);
    } else {
      peer.outbox().now(follower, message);
    }
  }

  // Rounds.

  /**
   * Begins a round: each follower is sent something at once, entries where there are any, so that
   * its answer tells that it still follows.
   */
  void beginRound() {
    beginRound(false);
  }

  private void beginRound(boolean unhurried) {
    rounds.begin(peer.nanoTime());
    stageNew();
    followers.forEach(
        (follower, progress) -> {
          if (progress.maySend() && batched.isAtLeast(progress.next())) {
            replicate(follower, progress);
          } else {
            send(follower, progress, Batch.EMPTY, unhurried);
          }
        });
    rounds.count(peer.configuration());
  }

  /** Keeps each follower quiet, and asks anew what got lost. */
  void heartbeat() {
    heartbeat(false);
  }

  /** The same when nothing has happened but that time passed, so that it may wait a moment. */
  void heartbeatByTheClock() {
    heartbeat(true);
  }

  private void heartbeat(boolean unhurried) {
    lastHeartbeat = peer.nanoTime();
    followers.values().forEach(Progress::heartbeat);
    snapshots.tick();
    beginRound(unhurried);
  }

  boolean isHeartbeatDue() {
    return peer.nanoTime() - lastHeartbeat >= peer.settings().heartbeatInterval().toNanos();
  }

  Rounds rounds() {
    return rounds;
  }

  // While there is nothing to do.

  /** Whether all followers are known to have the whole log, and were heard lately. */
  boolean areAllLevel() {
    var last = peer.log().lastIndex();
    return audible().containsAll(followers.keySet())
        && followers.values().stream()
            .map(Progress::status)
            .allMatch(
                status -> status.state() == State.REPLICATE && status.matchIndex().equals(last));
  }

  /**
   * Lets the followers know that nothing will be said.
   *
   * @return the round that their answers belong to
   */
  long askForQuiet() {
    lastHeartbeat = peer.nanoTime();
    rounds.begin(lastHeartbeat);
    var wish = new GoQuiet(peer.id(), term, peer.log().last(), rounds.last());
    followers.keySet().forEach(follower -> peer.outbox().now(follower, wish));
    rounds.count(peer.configuration());
    return rounds.last();
  }

  void answered(GoneQuiet reply) {
    answered(reply.from(), reply.round());
  }

  SortedSet<PeerId> followers() {
    return new TreeSet<>(followers.keySet());
  }

  /** Whether all followers have answered something since {@code since}, in nanoseconds. */
  boolean isHeardByAll(long since) {
    return heard.values().stream().allMatch(at -> at - since >= 0);
  }

  // What comes back.

  /** Whether a follower answers what it was sent before it was one. */
  boolean isLate(PeerId follower, long round) {
    return round < newcomers.getOrDefault(follower, 0L);
  }

  void accepted(AppendAccepted reply) {
    var progress = followers.get(reply.from());
    answered(reply.from(), reply.round());
    progress.accepted(reply.matched(), reply.round());
    endSnapshot(reply.from(), progress);
    if (hasCaughtUp(progress) && catchingUp.remove(reply.from())) {
      peer.snapshots().letGo(neededAfter());
    }
    replicate(reply.from(), progress);
  }

  void rejected(AppendRejected reply) {
    var progress = followers.get(reply.from());
    answered(reply.from(), reply.round());
    if (progress.rejected(reply.previous(), reply.hint(), reply.round(), peer.log())) {
      progress.probeIn(rounds.begin(peer.nanoTime()));
      replicate(reply.from(), progress);
    }
  }

  /** A follower that was being sent a snapshot may have come so far that the log will do. */
  private void endSnapshot(PeerId follower, Progress progress) {
    if (progress.isAwaitingSnapshot()
        && progress.next().previous().isAtLeast(peer.log().base().index())) {
      snapshots.end(follower);
      progress.probe();
      progress.probeIn(rounds.begin(peer.nanoTime()));
    }
  }

  /** A follower says how far it is with a snapshot, or that it has it. */
  void installing(InstallSnapshotReply reply) {
    var progress = followers.get(reply.from());
    snapshots
        .answered(reply)
        .ifPresent(
            index -> {
              progress.installed(index);
              progress.probeIn(rounds.begin(peer.nanoTime()));
              replicate(reply.from(), progress);
            });
  }

  BatchTimes times() {
    return times;
  }

  LeaderSnapshots snapshots() {
    return snapshots;
  }

  private boolean hasCaughtUp(Progress progress) {
    return peer.snapshots()
        .inEffect()
        .map(newest -> progress.match().isAtLeast(newest.position().index()))
        .orElse(true);
  }

  /**
   * The log after each of these entries a follower needs next, which takes a snapshot in, or has
   * just done so: were that discarded meanwhile, it would need another one, and so on for ever. Who
   * has long been silent may be gone for good.
   */
  Collection<LogIndex> neededAfter() {
    var needed = new ArrayList<>(snapshots.beingTakenIn());
    for (var follower : catchingUp) {
      var progress = followers.get(follower);
      if (!progress.isAwaitingSnapshot() && isHeard(follower)) {
        needed.add(progress.match());
      }
    }
    return needed;
  }

  private boolean isHeard(PeerId follower) {
    var patience = peer.settings().snapshots().sending().patience();
    var atMost = peer.settings().heartbeatInterval().multipliedBy(patience);
    return peer.nanoTime() - heard.get(follower) <= atMost.toNanos();
  }

  private void answered(PeerId follower, long round) {
    if (rounds.answered(follower, round)) {
      heard.put(follower, peer.nanoTime());
      rounds.count(peer.configuration());
    }
  }

  /** A follower has lost its disk: that it was heard a moment ago is worth nothing now. */
  void lost(PeerId follower) {
    var before = audibleSince() - 1;
    heard.computeIfPresent(follower, (id, at) -> at - before < 0 ? at : before);
  }

  private long audibleSince() {
    return peer.nanoTime() - peer.settings().electionTimeout().max().toNanos();
  }

  /** Who was heard within an election time-out, the leader itself among them. */
  Set<PeerId> audible() {
    var audible = new TreeSet<PeerId>();
    audible.add(peer.id());
    var since = audibleSince();
    heard.forEach(
        (follower, last) -> {
          if (last - since >= 0) {
            audible.add(follower);
          }
        });
    return audible;
  }

  /** Who of the voters that may has most of the log, of those that have answered lately. */
  Optional<PeerId> best(Predicate<PeerId> may) {
    return followers.keySet().stream()
        .filter(peer.configuration()::isVoter)
        .filter(may)
        .max(
            Comparator.<PeerId>comparingLong(rounds::answeredBy)
                .thenComparing(follower -> followers.get(follower).match()));
  }

  /**
   * For how long each follower has not answered.
   *
   * @param since when they had to answer again, in nanoseconds
   */
  SortedMap<PeerId, Duration> silentFor(long since) {
    var now = peer.nanoTime();
    var silent = new TreeMap<PeerId, Duration>();
    heard.forEach(
        (follower, at) -> silent.put(follower, Duration.ofNanos(now - Math.max(at, since))));
    return silent;
  }

  /** The voters that have not answered the newest round that a majority has. */
  SortedSet<PeerId> silent() {
    var silent = new TreeSet<PeerId>();
    for (var voter : peer.otherVoters()) {
      if (rounds.answeredBy(voter) <= rounds.confirmed()) {
        silent.add(voter);
      }
    }
    return silent;
  }

  /**
   * All that is known of how far a follower is: it changes as long as the follower comes further.
   */
  Object seen(PeerId follower) {
    return List.of(followers.get(follower).status(), snapshots.progress(follower));
  }

  /** How far a follower's log is known to equal the leader's. */
  LogIndex match(PeerId follower) {
    return follows(follower) ? followers.get(follower).match() : LogIndex.ZERO;
  }

  SortedMap<PeerId, FollowerStatus> status() {
    var status = new TreeMap<PeerId, FollowerStatus>();
    followers.forEach((follower, progress) -> status.put(follower, progress.status()));
    return status;
  }
}
