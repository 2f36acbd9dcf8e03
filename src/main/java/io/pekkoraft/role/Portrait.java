package io.pekkoraft.role;

import io.pekkoraft.Inspection;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.explain.Facts;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.util.Collections;
import java.util.stream.LongStream;

/** How a peer is at one moment, in the role that it plays: for whoever asks. */
record Portrait(Peer peer, Transitions become, Role role) {
  RaftStatus status() {
    var log = peer.log();
    return new RaftStatus(
        peer.id(),
        peer.group(),
        role.name(),
        peer.term(),
        role.leader(),
        peer.ballot().votedFor(),
        log.committed(),
        peer.applier().lastApplied(),
        log.firstIndex(),
        log.lastIndex(),
        Collections.unmodifiableSortedMap(role.followers()),
        peer.membership().latest(),
        peer.isDisowned(),
        role.isQuiet());
  }

  /** With the last {@code most} entries of the log. */
  Inspection inspection(int most) {
    var log = peer.log();
    var last = log.lastIndex().value();
    var first = Math.max(log.firstIndex().value(), last - most + 1);
    var tail = LongStream.rangeClosed(first, last).mapToObj(LogIndex::of).map(log::entry).toList();
    return new Inspection(
        status(),
        peer.electionTimer().waiting(),
        peer.snapshots().inEffect().map(SnapshotMeta::position),
        LogIndex.of(first),
        tail);
  }

  /** What an explanation of its troubles begins with. */
  Facts facts() {
    return new Facts(
        status(),
        become.leaderless(),
        peer.disk().waiting(),
        peer.isAside(),
        role.votes(),
        role.receiving(),
        role.office());
  }
}
