package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftMetrics;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.apply.Applier;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.apply.CommandCodec;
import io.pekkoraft.election.Ballot;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.membership.Birth;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.Membership;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.PeerMessage.Disowned;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.RaftStore;
import io.pekkoraft.storage.StoreEvent;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.PeerBorn;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import io.pekkoraft.storage.StoreWriter;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What a peer keeps whichever role it plays: the state of Figure 2 and the collaborators. Every
 * change to what must survive goes through here, so that none is made in memory and not staged.
 */
final class Peer {
  private static final SelfMessage FLUSH = new SelfMessage.Flush();
  private static final SelfMessage APPLY_MORE = new SelfMessage.ApplyMore();

  private final ActorContext<RaftMessage> context;
  private final TimerScheduler<RaftMessage> timers;
  private final PeerSetup setup;
  private final Birth birth;
  private final RaftLog log;
  private final Membership membership;
  private final Applier<?, ?, ?> applier;
  private final Snapshots snapshots;
  private final StoreWriter store;
  private final Outbox outbox;
  private final DiskWatch disk;
  private final Herald herald;
  private final RaftMetrics metrics;
  private final ElectionTimer electionTimer;
  private final Disownment disownment = new Disownment(this);
  private long heardLeaderAt;
  private Ballot ballot;
  private long lastGroundStaged;
  private long questions;
  private boolean flushRequested;
  private boolean applyRequested;
  private Optional<Long> steppedAside = Optional.empty();

  Peer(
      ActorContext<RaftMessage> context,
      TimerScheduler<RaftMessage> timers,
      PeerSetup setup,
      ActorRef<RaftStore.Command> storeRef,
      SnapshotDesk desk,
      Recovered recovered,
      Optional<State> state) {
    this.context = context;
    this.timers = timers;
    this.setup = setup;
    this.metrics = setup.environment().metrics();
    this.herald = new Herald(context, setup, this::term);
    heardLeader(); // Before a crash, perhaps; nobody can tell.
    this.questions = setup.environment().random().nextLong() >>> 2;
    this.ballot = new Ballot(recovered.term(), recovered.votedFor());
    this.log = new RaftLog(recovered.base(), recovered.entries());
    this.applier = new Applier<>(setup.machine(), setup.codec());
    this.snapshots = new Snapshots(this, desk, recovered.snapshot());
    state.ifPresent(
        read -> {
          var position = recovered.snapshot().orElseThrow().position();
          log.commitThrough(position.index());
          applier.restore(new HandedOver(position, read.machine(), read.sessions()));
          snapshots.restored(recovered.snapshot().get());
        });
    this.store =
        new StoreWriter(
            storeRef,
            context.getSelf().narrow(),
            setup.settings().store().maxWriteBytes(),
            log.lastIndex(),
            setup.environment().nanoTime());
    this.disk = new DiskWatch(this);
    this.outbox = new Outbox(setup.environment().network(), store);
    this.electionTimer =
        new ElectionTimer(
            context.getSelf(),
            timers,
            setup.environment(),
            setup.settings().electionTimeout(),
            () -> leadership().priorities().rank(id(), configuration().voters()));
    this.birth = recovered.birth().orElseGet(this::beBorn);
    this.membership = membership(recovered);
  }

  /** What a snapshot includes is not asked of the log again. */
  private Membership membership(Recovered recovered) {
    var start =
        recovered
            .snapshot()
            .map(SnapshotMeta::configuration)
            .map(ConfigurationFormat::decodeVersioned)
            .orElseGet(() -> VersionedConfiguration.bootstrap(birth.founded()));
    var known = new Membership(start);
    var first = log.committed().next();
    var included = (int) (first.value() - log.firstIndex().value());
    known.appended(first, recovered.entries().subList(included, recovered.entries().size()));
    return known;
  }

  /** The journal is empty: from here on, what it begins with counts, and not what the code says. */
  private Birth beBorn() {
    var drawn = Incarnation.of(setup.environment().random().nextLong());
    var birth = new Birth(drawn, setup.founders());
    stage(new PeerBorn(birth));
    return birth;
  }

  ActorContext<RaftMessage> context() {
    return context;
  }

  TimerScheduler<RaftMessage> timers() {
    return timers;
  }

  PeerId id() {
    return setup.id();
  }

  String group() {
    return setup.group();
  }

  RaftSettings settings() {
    return setup.settings();
  }

  Birth birth() {
    return birth;
  }

  Incarnation incarnation() {
    return birth.incarnation();
  }

  RaftSettings.Leadership leadership() {
    return settings().leadership();
  }

  Membership membership() {
    return membership;
  }

  /** The configuration in use, committed or not (§6). */
  Configuration configuration() {
    return membership.current();
  }

  /**
   * Somebody says that this peer was another one.
   *
   * @param byLeader whether it comes from whom it follows, in its term
   * @return whether that is so, and news
   */
  boolean disown(Disowned message, boolean byLeader) {
    var isNews = !isDisowned() && disownment.hear(message, byLeader);
    if (isNews) {
      publish(new RaftEvent.Disowned(group(), id(), message.from()));
    }
    return isNews;
  }

  /** Whether the group has met another peer under this name, as far as is known here. */
  boolean isDisowned() {
    return disownment.isInForce() || !configuration().knows(id(), incarnation());
  }

  /** Whether it may stand for election. */
  boolean mayStand() {
    return !isDisowned()
        && membership.mayStand(id(), log.committed())
        && !isAside()
        && !disk.hangs();
  }

  /** Everybody else whose vote counts. */
  SortedSet<PeerId> otherVoters() {
    var others = new TreeSet<>(configuration().electorate());
    others.remove(id());
    return others;
  }

  CommandCodec codec() {
    return setup.codec();
  }

  RandomGenerator random() {
    return setup.environment().random();
  }

  long nanoTime() {
    return setup.environment().nanoTime().getAsLong();
  }

  /** A leader has said something, in whatever term. */
  void heardLeader() {
    heardLeaderAt = nanoTime();
  }

  /** Whether one was heard so lately that it may rely on this peer to help no other to office. */
  boolean mayHavePromised() {
    return nanoTime() - heardLeaderAt < settings().electionTimeout().min().toNanos();
  }

  /** It is to be stopped: from now on, for a while, it does not take office. */
  void stepAside() {
    steppedAside = Optional.of(nanoTime());
  }

  /** Whether it is about to be stopped. */
  boolean isAside() {
    return steppedAside
        .map(since -> nanoTime() - since < leadership().handoverTimeout().toNanos())
        .orElse(false);
  }

  void publish(RaftEvent event) {
    herald.tell(event);
  }

  RaftMetrics metrics() {
    return metrics;
  }

  Neighbours neighbours() {
    return setup.environment().neighbours();
  }

  Herald herald() {
    return herald;
  }

  /** Nobody finds it any more, and nobody works for it. */
  void end() {
    neighbours().forget();
    setup.environment().network().leave();
    snapshots.desk().halt().call();
  }

  RaftLog log() {
    return log;
  }

  Applier<?, ?, ?> applier() {
    return applier;
  }

  Snapshots snapshots() {
    return snapshots;
  }

  StoreWriter store() {
    return store;
  }

  DiskWatch disk() {
    return disk;
  }

  Outbox outbox() {
    return outbox;
  }

  ElectionTimer electionTimer() {
    return electionTimer;
  }

  Ballot ballot() {
    return ballot;
  }

  Term term() {
    return ballot.term();
  }

  /**
   * A number for a question to the leader, which no other question of this peer has had, in
   * whichever role or process it was asked: a late answer to one of those must not be taken for
   * this one's.
   */
  long nextQuestion() {
    return ++questions;
  }

  /**
   * The number under which that was staged last which every answer rests on: term, vote, and a
   * leader's snapshot. While it is not on disk, what the disk holds may be another leader's log.
   */
  long lastGroundStaged() {
    return lastGroundStaged;
  }

  void standsOnNewGround() {
    lastGroundStaged = store.lastStaged();
  }

  void startTerm(Term newer) {
    ballot = ballot.inTerm(newer);
    stage(new TermStarted(newer));
    standsOnNewGround();
  }

  void voteFor(PeerId candidate) {
    var before = ballot;
    ballot = ballot.votingFor(candidate);
    if (!ballot.equals(before)) {
      stage(new VoteCast(ballot.term(), candidate));
      standsOnNewGround();
    }
  }

  /** Takes over a leader's entries; the log must hold {@code previous}. */
  void append(LogPosition previous, Batch entries) {
    var appended = log.append(previous, entries);
    var before = membership.version();
    if (appended.truncated()) {
      stage(new LogTruncated(appended.first()));
      membership.truncatedFrom(appended.first());
    }
    if (!appended.added().isEmpty()) {
      stage(new EntriesAppended(appended.first(), appended.added()));
      membership.appended(appended.first(), appended.added());
    }
    if (!membership.version().equals(before)) {
      announceConfiguration(false);
    }
  }

  /** Takes an entry of its own on, as a leader; it is staged with its batch. */
  LogIndex append(Entry entry) {
    var index = log.append(entry);
    membership.appended(index, List.of(entry));
    if (membership.version().equals(index)) {
      announceConfiguration(false);
    }
    return index;
  }

  /**
   * Everything through {@code index} is committed.
   *
   * @return whether that is news
   */
  boolean commitThrough(LogIndex index) {
    var wasCommitted = membership.isCommitted(log.committed());
    if (!log.commitThrough(index)) {
      return false;
    }
    if (!wasCommitted && membership.isCommitted(index)) {
      announceConfiguration(true);
    }
    return true;
  }

  /** Says who belongs to the group, and, if this peer no longer does, that it knows. */
  private void announceConfiguration(boolean committed) {
    var latest = membership.latest();
    publish(new RaftEvent.ConfigurationChanged(group(), id(), latest, committed));
    if (committed && !latest.configuration().contains(id())) {
      herald.log(
          line ->
              line.warn(
                  "{}/{} does not belong to the group (any more), and takes no part in it; to come"
                      + " back, it has to be added.",
                  group(),
                  id()));
    }
  }

  /** Whatever changes in memory and must survive is staged in the same breath. */
  void stage(StoreEvent event) {
    if (event instanceof EntriesAppended appended) {
      metrics.appended(appended.entries().size(), appended.entries().packed().length);
    }
    store.stage(event);
    requestFlush();
  }

  /**
   * Ends the batch where the mailbox ends now: all that waits in it already gets in front of the
   * {@code Flush}, and so into the same write and the same messages.
   */
  void requestFlush() {
    if (!flushRequested) {
      flushRequested = true;
      context.getSelf().tell(FLUSH);
    }
  }

  void flush() {
    flushRequested = false;
    store.flush();
    disk.mayHaveBegun();
  }

  /**
   * Applies what is committed, in turns, so that a long log does not keep the peer from hearing its
   * leader.
   */
  void applyCommitted(Applier.Listener listener) {
    var more =
        applier.applyCommitted(
            log,
            setup.settings().maxApplyBatch(),
            (index, entry, outcome) -> {
              snapshots.applied(entry);
              listener.applied(index, entry, outcome);
            });
    if (more && !applyRequested) {
      applyRequested = true;
      context.getSelf().tell(APPLY_MORE);
    }
    snapshots.takeIfDue();
  }

  void applyMore(Applier.Listener listener) {
    applyRequested = false;
    applyCommitted(listener);
  }

  // Snapshots (§7).

  @SuppressWarnings("unchecked") // The format is the state machine's own.
  HandedOver freeze() {
    return applier.handOver(((SnapshotFormat<Object>) setup.format())::freeze);
  }

  /** The configuration in force at {@code index}. */
  VersionedConfiguration configurationAt(LogIndex index) {
    return membership.at(index);
  }

  /** A durable snapshot includes the entries through {@code index}. */
  void discardThrough(LogIndex index) {
    log.discardThrough(index);
    membership.compactedThrough(log.base().index());
  }

  /** A leader's snapshot takes the place of the state and of the log that it includes. */
  void restart(HandedOver snapshot, VersionedConfiguration configuration) {
    var position = snapshot.position();
    var before = membership.version();
    if (log.holds(position)) {
      membership.compactedThrough(position.index());
    } else {
      membership.restart(configuration);
    }
    log.restart(position);
    applier.restore(snapshot);
    if (!membership.version().equals(before)) {
      announceConfiguration(membership.isCommitted(position.index()));
    }
  }
}
