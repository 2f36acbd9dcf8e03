package io.pekkoraft.role;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.explain.Facts;
import java.util.Collections;

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
        peer.isDisowned());
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
