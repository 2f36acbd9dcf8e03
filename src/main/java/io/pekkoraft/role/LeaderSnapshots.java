package io.pekkoraft.role;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.SnapshotWork.Reading;
import io.pekkoraft.protocol.SnapshotWork.SliceNotRead;
import io.pekkoraft.protocol.SnapshotWork.SliceRead;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotSender;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import io.pekkoraft.snapshot.SnapshotTransfer;
import io.pekkoraft.storage.SnapshotReader;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The snapshots that a leader sends to followers whose next entries it has discarded (§7): one at a
 * time to each, read elsewhere, piece by piece.
 */
final class LeaderSnapshots {
  private final Peer peer;
  private final SortedMap<PeerId, SnapshotSender> sending = new TreeMap<>();

  /** How many pieces of each transfer this peer's own disk has not brought yet. */
  private final Map<SnapshotTransfer, Integer> reading = new LinkedHashMap<>();

  /** Whose snapshot could not be read: begun anew with the next heartbeat, and not before. */
  private final SortedSet<PeerId> waiting = new TreeSet<>();

  private long transfers;

  LeaderSnapshots(Peer peer) {
    this.peer = peer;
  }

  /** The follower needs one; if it is being sent one already, that goes on. */
  void begin(PeerId follower) {
    if (sending.containsKey(follower) || waiting.contains(follower)) {
      return;
    }
    peer.snapshots()
        .inEffect()
        .ifPresent(
            meta -> {
              var transfer = new SnapshotTransfer(peer.term(), ++transfers);
              var sender =
                  new SnapshotSender(transfer, meta, peer.settings().snapshots().sending());
              sending.put(follower, sender);
              advance(follower, sender);
            });
  }

  private void advance(PeerId follower, SnapshotSender sender) {
    for (var slice = sender.next(); slice.isPresent(); slice = sender.next()) {
      if (slice.get().size() == 0) {
        send(follower, sender, slice.get(), Bytes.EMPTY);
      } else {
        reading.merge(sender.transfer(), 1, Integer::sum);
        peer.snapshots()
            .desk()
            .reader()
            .tell(new SnapshotReader.Read(sender.meta().id(), slice.get()));
      }
    }
  }

  private void send(PeerId follower, SnapshotSender sender, Slice slice, Bytes content) {
    var chunk = SnapshotChunk.of(sender.meta(), slice, content);
    peer.outbox().now(follower, new InstallSnapshot(peer.id(), peer.term(), chunk));
  }

  /** A piece was read, or can't be. */
  void done(Reading work) {
    reading.computeIfPresent(work.slice().transfer(), (of, count) -> count - 1);
    find(work.slice())
        .ifPresent(
            to -> {
              if (work instanceof SliceRead read) {
                send(to.getKey(), to.getValue(), read.slice(), read.content());
              } else if (work instanceof SliceNotRead failed) {
                var meta = to.getValue().meta();
                peer.herald()
                    .log(line -> line.error("{} can't be sent: {}", meta, failed.reason()));
                var follower = to.getKey();
                end(follower);
                waiting.add(follower);
                // What helps is another snapshot.
                peer.snapshots().replace();
              }
            });
  }

  private Optional<Map.Entry<PeerId, SnapshotSender>> find(Slice slice) {
    return sending.entrySet().stream().filter(to -> to.getValue().isCurrent(slice)).findFirst();
  }

  /**
   * A follower says how far it is.
   *
   * @return what it has in effect, if it is done
   */
  Optional<LogIndex> answered(InstallSnapshotReply reply) {
    var sender = sending.get(reply.from());
    if (sender == null) {
      return Optional.empty();
    }
    if (sender.isSilent() && isOutdated(sender.meta())) {
      // Whoever was away for so long would need another one right after this one.
      end(reply.from());
      begin(reply.from());
      return Optional.empty();
    }
    sender.answered(reply.answer());
    if (sender.isInstalled()) {
      end(reply.from());
      return Optional.of(sender.meta().position().index());
    }
    advance(reply.from(), sender);
    return Optional.empty();
  }

  /** Whether the log no longer holds what comes after it. */
  private boolean isOutdated(SnapshotMeta meta) {
    return peer.log().base().index().isAfter(meta.position().index());
  }

  /** How much of one a follower has, from 0 to 1; 0 as well if it is sent none. */
  double progress(PeerId follower) {
    return sending.containsKey(follower) ? sending.get(follower).progress() : 0;
  }

  /**
   * To be called with each heartbeat. While this peer's own disk keeps a follower waiting, the
   * follower is not silent: to ask it again would only make what is being read come too late.
   */
  void tick() {
    var again = List.copyOf(waiting);
    waiting.clear();
    again.forEach(this::begin);
    sending.forEach(
        (follower, sender) -> {
          if (reading.getOrDefault(sender.transfer(), 0) == 0) {
            sender.tick();
          }
          advance(follower, sender);
        });
  }

  /** The follower needs none any more, or is no follower any more. */
  void end(PeerId follower) {
    waiting.remove(follower);
    var ended = sending.remove(follower);
    if (ended != null) {
      reading.remove(ended.transfer());
      peer.snapshots().keepOnly(underWay());
    }
  }

  /**
   * The last entries of those that followers are taking in: what comes next they will need. Who has
   * long been silent may be gone for good.
   */
  Collection<LogIndex> beingTakenIn() {
    return sending.values().stream()
        .filter(sender -> !sender.isSilent())
        .map(sender -> sender.meta().position().index())
        .toList();
  }

  /** Those on their way. */
  Collection<SnapshotMeta> underWay() {
    return sending.values().stream().map(SnapshotSender::meta).toList();
  }
}
