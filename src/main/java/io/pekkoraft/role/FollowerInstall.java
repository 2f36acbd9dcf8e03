package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.SnapshotWork.Appended;
import io.pekkoraft.protocol.SnapshotWork.NotReceived;
import io.pekkoraft.protocol.SnapshotWork.Opened;
import io.pekkoraft.protocol.SnapshotWork.Received;
import io.pekkoraft.protocol.SnapshotWork.Receiving;
import io.pekkoraft.snapshot.SnapshotAnswer;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotReceiver;
import io.pekkoraft.snapshot.SnapshotReceiver.Step;
import io.pekkoraft.storage.SnapshotWriter;
import java.util.List;
import java.util.Optional;

/**
 * How a follower takes in its leader's snapshot (§7): piece by piece into a file, and then all at
 * once into effect. Until then it is what it was.
 */
final class FollowerInstall {
  private final Peer peer;
  private final SnapshotReceiver receiver;
  private int told;

  FollowerInstall(Peer peer) {
    this.peer = peer;
    this.receiver = new SnapshotReceiver(peer::nextQuestion);
  }

  /** Which one is coming in. */
  Optional<LogPosition> receiving() {
    return receiver.receiving().map(SnapshotMeta::position);
  }

  /** A piece has come. */
  void heard(InstallSnapshot request) {
    var chunk = request.chunk();
    if (peer.log().committed().isAtLeast(chunk.meta().position().index())) {
      peer.outbox().whenDurable(request.from(), reply(SnapshotReceiver.hasIt(chunk)));
      return;
    }
    var step = receiver.heard(chunk);
    if (step instanceof Step.Open open) {
      writer(new SnapshotWriter.Open(open.attempt(), open.meta()));
    } else if (step instanceof Step.Write write) {
      writer(new SnapshotWriter.Append(write.attempt(), write.offset(), write.content()));
    } else if (step instanceof Step.Reply reply) {
      peer.outbox().now(request.from(), reply(reply.answer()));
    }
  }

  private void writer(SnapshotWriter.Command command) {
    peer.snapshots().desk().writer().tell(command);
  }

  private InstallSnapshotReply reply(SnapshotAnswer answer) {
    return new InstallSnapshotReply(peer.id(), peer.term(), answer, peer.incarnation());
  }

  /**
   * What came of writing it.
   *
   * @return whether state and log are newer now
   */
  boolean done(Receiving work, Optional<PeerId> leader) {
    if (work instanceof Received received) {
      return received(received, leader);
    }
    if (work instanceof NotReceived failed) {
      failed(failed);
    } else if (work instanceof Opened opened) {
      goOn(work, receiver.opened(opened.attempt(), opened.next()), leader);
    } else if (work instanceof Appended appended) {
      goOn(work, receiver.written(appended.attempt(), appended.through()), leader);
    }
    return false;
  }

  private void failed(NotReceived failed) {
    receiver
        .receiving()
        .ifPresent(meta -> peer.snapshots().failed(meta.position(), failed.reason()));
    receiver.failed(failed.attempt());
    // It may be there, whole, and be of no use; the next one may be another one.
    peer.snapshots().keepOnly(List.of());
  }

  private void goOn(Receiving work, Optional<SnapshotAnswer> answer, Optional<PeerId> leader) {
    if (answer.isEmpty()) {
      return; // Of an attempt that was given up.
    }
    leader.ifPresent(to -> peer.outbox().now(to, reply(answer.get())));
    tellProgress();
    if (receiver.isComplete()) {
      writer(new SnapshotWriter.Finish(work.attempt()));
    }
  }

  /** Each tenth of the way, for a large one takes its time. */
  private void tellProgress() {
    var tenth = (int) (receiver.progress() * 10);
    if (tenth != told) {
      told = tenth;
      receiver
          .receiving()
          .ifPresent(
              meta ->
                  peer.herald()
                      .tell(
                          new RaftEvent.SnapshotReceived(
                              peer.group(),
                              peer.id(),
                              meta.position(),
                              meta.length(),
                              10 * tenth)));
    }
  }

  private boolean received(Received received, Optional<PeerId> leader) {
    var answer = receiver.installed(received.attempt());
    if (answer.isEmpty()) {
      return false; // Of an attempt that was given up.
    }
    // The log may have come as far by itself.
    var news = received.meta().position().index().isAfter(peer.log().committed());
    if (news) {
      peer.snapshots().install(received.meta(), received.state());
    }
    leader.ifPresent(to -> peer.outbox().whenDurable(to, reply(answer.get())));
    return news;
  }
}
