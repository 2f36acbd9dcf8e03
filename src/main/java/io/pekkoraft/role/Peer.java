package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.apply.Applier;
import io.pekkoraft.apply.CommandCodec;
import io.pekkoraft.election.Ballot;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.storage.RaftStore;
import io.pekkoraft.storage.StoreEvent;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import io.pekkoraft.storage.StoreWriter;
import java.util.SortedSet;
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
  private final SortedSet<PeerId> others;
  private final RaftLog log;
  private final Applier<?, ?, ?> applier;
  private final StoreWriter store;
  private final Outbox outbox;
  private final ElectionTimer electionTimer;
  private final long recoveredAt;
  private Ballot ballot;
  private long lastBallotStaged;
  private long questions;
  private boolean flushRequested;
  private boolean applyRequested;

  Peer(
      ActorContext<RaftMessage> context,
      TimerScheduler<RaftMessage> timers,
      PeerSetup setup,
      ActorRef<RaftStore.Command> storeRef,
      Recovered recovered) {
    this.context = context;
    this.timers = timers;
    this.setup = setup;
    this.others = setup.configuration().without(setup.id());
    this.recoveredAt = nanoTime();
    this.questions = setup.environment().random().nextLong() >>> 2;
    this.ballot = new Ballot(recovered.term(), recovered.votedFor());
    this.log = new RaftLog(recovered.entries());
    this.applier = new Applier<>(setup.machine(), setup.codec());
    this.store =
        new StoreWriter(
            storeRef,
            context.getSelf().narrow(),
            setup.settings().store().maxWriteBytes(),
            log.lastIndex());
    this.outbox = new Outbox(setup.environment().network(), store);
    this.electionTimer =
        new ElectionTimer(
            context.getSelf(), timers, setup.environment(), setup.settings().electionTimeout());
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

  Configuration configuration() {
    return setup.configuration();
  }

  /** The other peers of the group. */
  SortedSet<PeerId> others() {
    return others;
  }

  CommandCodec codec() {
    return setup.codec();
  }

  long nanoTime() {
    return setup.environment().nanoTime().getAsLong();
  }

  /** Whether the process began less than a whole shortest election time-out ago. */
  boolean justRecovered() {
    return nanoTime() - recoveredAt < settings().electionTimeout().min().toNanos();
  }

  void publish(RaftEvent event) {
    setup.environment().events().accept(event);
  }

  void leaveNetwork() {
    setup.environment().network().leave();
  }

  RaftLog log() {
    return log;
  }

  Applier<?, ?, ?> applier() {
    return applier;
  }

  StoreWriter store() {
    return store;
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

  /** The number under which the last change of term or vote was staged. */
  long lastBallotStaged() {
    return lastBallotStaged;
  }

  void startTerm(Term newer) {
    ballot = ballot.inTerm(newer);
    stage(new TermStarted(newer));
    lastBallotStaged = store.lastStaged();
  }

  void voteFor(PeerId candidate) {
    var before = ballot;
    ballot = ballot.votingFor(candidate);
    if (!ballot.equals(before)) {
      stage(new VoteCast(ballot.term(), candidate));
      lastBallotStaged = store.lastStaged();
    }
  }

  /** Takes over a leader's entries; the log must hold {@code previous}. */
  void append(LogPosition previous, Batch entries) {
    var appended = log.append(previous, entries);
    if (appended.truncated()) {
      stage(new LogTruncated(appended.first()));
    }
    if (!appended.added().isEmpty()) {
      stage(new EntriesAppended(appended.first(), appended.added()));
    }
  }

  /** Whatever changes in memory and must survive is staged in the same breath. */
  void stage(StoreEvent event) {
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
  }

  /**
   * Applies what is committed, in turns, so that a long log does not keep the peer from hearing its
   * leader.
   */
  void applyCommitted(Applier.Listener listener) {
    if (applier.applyCommitted(log, setup.settings().maxApplyBatch(), listener)
        && !applyRequested) {
      applyRequested = true;
      context.getSelf().tell(APPLY_MORE);
    }
  }

  void applyMore(Applier.Listener listener) {
    applyRequested = false;
    applyCommitted(listener);
  }
}
