package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.protocol.ClientMessage.TakeSnapshot;
import io.pekkoraft.protocol.SnapshotWork.NotTaken;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.protocol.SnapshotWork.Taken;
import io.pekkoraft.protocol.SnapshotWork.Taking;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotPolicy.Since;
import io.pekkoraft.storage.SnapshotReader;
import io.pekkoraft.storage.SnapshotWriter;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * A peer's own snapshots: when one is taken, which is in effect, and what the log keeps (§7). Which
 * is in effect the journal says; the file of the one before is deleted only then.
 */
final class Snapshots {
  private final Peer peer;
  private final SnapshotDesk desk;
  private Optional<SnapshotMeta> inEffect;
  private Optional<ActorRef<StatusReply<LogPosition>>> asked = Optional.empty();
  private long bytes;

  /** What {@code bytes} was when the one began that is being taken. */
  private long bytesTaken;

  private boolean taking;

  /** After a failure, when to try again: not with each entry, and not at once. */
  private LogIndex notBefore = LogIndex.ZERO;

  private Optional<Long> failedAt = Optional.empty();

  /** The number under which the last change of what is in effect was staged; 0 when all is tidy. */
  private long untidySince;

  Snapshots(Peer peer, SnapshotDesk desk, Optional<SnapshotMeta> recovered) {
    this.peer = peer;
    this.desk = desk;
    this.inEffect = recovered;
  }

  Optional<SnapshotMeta> inEffect() {
    return inEffect;
  }

  SnapshotDesk desk() {
    return desk;
  }

  private LogIndex covered() {
    return inEffect.map(meta -> meta.position().index()).orElse(LogIndex.ZERO);
  }

  // Taking one.

  void applied(Entry entry) {
    bytes += entry.packedSize();
  }

  void takeIfDue() {
    var applied = peer.applier().lastApplied();
    var since =
        new Since(
            applied.value() - covered().value(),
            bytes,
            inEffect.map(SnapshotMeta::length).orElse(0L),
            isLogFull(),
            taking);
    var mayTry = applied.isAtLeast(notBefore) || isLongAfterFailure();
    if (mayTry && peer.settings().snapshots().policy().isDue(since)) {
      take();
    }
  }

  private boolean isLongAfterFailure() {
    var patience = peer.settings().snapshots().retryAfter().toNanos();
    return failedAt.map(failed -> peer.nanoTime() - failed >= patience).orElse(true);
  }

  /** The peer only hands its state over, and goes on. */
  private void take() {
    taking = true;
    bytesTaken = bytes;
    bytes = 0;
    HandedOver handedOver;
    try {
      handedOver = peer.freeze();
    } catch (RuntimeException e) {
      // All peers would fail alike, and again and again: it is no worse than one not written.
      done(new NotTaken(peer.log().at(peer.applier().lastApplied()), e.toString()), List.of());
      return;
    }
    var index = handedOver.position().index();
    desk.writer()
        .tell(
            new SnapshotWriter.Take(
                handedOver, ConfigurationFormat.encode(peer.configurationAt(index))));
  }

  /** The one in effect can't be read. */
  void replace() {
    if (!taking && isLongAfterFailure()) {
      take();
    }
  }

  /** Somebody wants one now. */
  void request(TakeSnapshot request) {
    if (taking) {
      request
          .replyTo()
          .tell(
              StatusReply.error(
                  new ChangeRefused(
                      ChangeRefused.Reason.UNDER_WAY,
                      peer.id() + " is taking a snapshot already.")));
    } else if (inEffect.isPresent() && covered().isAtLeast(peer.applier().lastApplied())) {
      request.replyTo().tell(StatusReply.success(inEffect.get().position()));
    } else {
      asked = Optional.of(request.replyTo());
      take();
    }
  }

  /**
   * What came of taking one.
   *
   * @param needed the log after each of these is still needed by a follower
   */
  void done(Taking work, Collection<LogIndex> needed) {
    taking = false;
    if (work instanceof Taken taken) {
      // One that came from a leader meanwhile may include more.
      if (taken.meta().position().index().isAtLeast(covered())) {
        discard(taken.meta(), needed);
        putInEffect(taken.meta());
        peer.publish(
            new RaftEvent.SnapshotTaken(
                peer.group(), peer.id(), taken.meta().position(), taken.meta().length()));
      }
      asked.ifPresent(replyTo -> replyTo.tell(StatusReply.success(taken.meta().position())));
    } else if (work instanceof NotTaken failed) {
      failedAt = Optional.of(peer.nanoTime());
      bytes += bytesTaken;
      notBefore =
          peer.applier().lastApplied().plus(peer.settings().snapshots().policy().minEntries());
      failed(failed.position(), failed.reason());
      asked.ifPresent(
          replyTo ->
              replyTo.tell(
                  StatusReply.error(
                      new ChangeRefused(
                          ChangeRefused.Reason.FAILED,
                          "The snapshot could not be written: " + failed.reason()))));
    }
    asked = Optional.empty();
  }

  private void discard(SnapshotMeta meta, Collection<LogIndex> needed) {
    var through = meta.position().index();
    var policy = peer.settings().snapshots().policy();
    peer.discardThrough(isLogFull() ? through : policy.discardThrough(through, needed));
  }

  /**
   * Followers need less of the log than they did: what was only kept for them goes, and does not
   * wait for the next snapshot.
   *
   * @param needed the log after each of these is still needed
   */
  void letGo(Collection<LogIndex> needed) {
    var before = peer.log().base();
    inEffect.ifPresent(meta -> discard(meta, needed));
    if (!peer.log().base().equals(before)) {
      putInEffect(inEffect.orElseThrow());
    }
  }

  /**
   * If the log must not grow on, all goes that the snapshot in effect includes, whoever may still
   * want it, and if that is too little, one more is taken. Nobody else would: while the log is full
   * nothing is applied.
   */
  void makeRoom() {
    if (isLogFull()) {
      inEffect.ifPresent(meta -> peer.discardThrough(meta.position().index()));
      takeIfDue();
    }
  }

  /** Whether the log has grown so long that it must not grow on. */
  boolean isLogFull() {
    return peer.log().bytes() > peer.settings().snapshots().maxLogBytes();
  }

  // Putting one in effect.

  private void putInEffect(SnapshotMeta meta) {
    inEffect = Optional.of(meta);
    peer.stage(
        new Compacted(
            peer.birth(), peer.term(), peer.ballot().votedFor(), meta, peer.log().base()));
    untidySince = peer.store().lastStaged();
  }

  /**
   * A leader's snapshot takes the place of state and log, all at once (Figure 13).
   *
   * @param meta of one that includes more than is committed here
   */
  void install(SnapshotMeta meta, State state) {
    var position = meta.position();
    var log = peer.log();
    if (!log.holds(position) && log.lastIndex().isAfter(position.index())) {
      // Only what is surely another leader's: the rest may have been acknowledged.
      peer.stage(new LogTruncated(position.index().next()));
    }
    peer.restart(
        new HandedOver(position, state.machine(), state.sessions()),
        ConfigurationFormat.decodeVersioned(meta.configuration()));
    bytes = 0;
    bytesTaken = 0;
    putInEffect(meta);
    peer.standsOnNewGround();
    restored(meta);
  }

  /** The state is a snapshot's from now on. */
  void restored(SnapshotMeta meta) {
    peer.publish(
        new RaftEvent.SnapshotInstalled(peer.group(), peer.id(), meta.position(), meta.length()));
  }

  void failed(LogPosition position, String reason) {
    peer.publish(new RaftEvent.SnapshotFailed(peer.group(), peer.id(), position, reason));
  }

  /**
   * More is on disk: when the journal points at the snapshot in effect, the others can go.
   *
   * @param sending those on their way to followers
   */
  void tidy(Supplier<Collection<SnapshotMeta>> sending) {
    if (untidySince > 0 && peer.store().isDurable(untidySince)) {
      untidySince = 0;
      keepOnly(sending.get());
    }
  }

  /** Deletes all snapshots but the one in effect and those on their way to followers. */
  void keepOnly(Collection<SnapshotMeta> sending) {
    if (untidySince > 0) {
      return; // The journal may still point at an older one.
    }
    var kept = new TreeSet<SnapshotId>();
    sending.forEach(meta -> kept.add(meta.id()));
    desk.reader().tell(new SnapshotReader.Keep(List.copyOf(kept)));
    inEffect.ifPresent(meta -> kept.add(meta.id()));
    desk.writer().tell(new SnapshotWriter.Retain(List.copyOf(kept)));
  }
}
