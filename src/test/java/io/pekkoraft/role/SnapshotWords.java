package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.session.Sessions;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotAnswer;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import io.pekkoraft.snapshot.SnapshotTransfer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** The words that tests of snapshots are told with. Their content is a text. */
final class SnapshotWords {
  private SnapshotWords() {}

  /** One in the founders' configuration, as the group has met them. */
  static SnapshotMeta snapshot(long term, long index, String content) {
    return snapshot(term, index, content, VersionedConfiguration.bootstrap(founders()));
  }

  private static Configuration founders() {
    var met = new TreeMap<PeerId, Incarnation>();
    List.of(P1, P2, P3).forEach(id -> met.put(id, incarnationOf(id)));
    return Configuration.of(met.keySet()).having(met);
  }

  static SnapshotMeta snapshot(
      long term, long index, String content, VersionedConfiguration configuration) {
    var bytes = bytes(content);
    return new SnapshotMeta(
        at(term, index),
        ConfigurationFormat.encode(configuration),
        bytes.size(),
        Checksum.of(bytes));
  }

  static State state(String machine) {
    return new State(machine, new Sessions().encode());
  }

  static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  static SnapshotTransfer transfer(long term, long number) {
    return new SnapshotTransfer(Term.of(term), number);
  }

  /** P2 asks how far p1 is; the first transfer of its term. */
  static InstallSnapshot question(long term, SnapshotMeta meta) {
    return piece(term, meta, 0, "");
  }

  static InstallSnapshot piece(long term, SnapshotMeta meta, long offset, String content) {
    return piece(transfer(term, 1), meta, offset, content);
  }

  static InstallSnapshot piece(
      SnapshotTransfer transfer, SnapshotMeta meta, long offset, String content) {
    var slice = new Slice(transfer, 0, offset, content.length());
    return new InstallSnapshot(P2, transfer.term(), SnapshotChunk.of(meta, slice, bytes(content)));
  }

  static SnapshotAnswer answer(
      SnapshotTransfer transfer, long accepted, long written, Verdict verdict) {
    return new SnapshotAnswer(transfer, 0, accepted, written, verdict);
  }

  static LogIndex index(long value) {
    return LogIndex.of(value);
  }
}
