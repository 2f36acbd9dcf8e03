package io.pekkoraft.snapshot;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.Samples.meta;
import static io.pekkoraft.snapshot.Samples.piece;
import static io.pekkoraft.snapshot.Samples.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotReceiver.Step;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotReceiverTest {
  private static final byte[] CONTENT = content(40);
  private static final SnapshotMeta META = meta(9, CONTENT);
  private static final SnapshotTransfer TRANSFER = transfer(4, 1);
  private final SnapshotReceiver receiver = new SnapshotReceiver(new AtomicLong()::incrementAndGet);

  @Test
  @DisplayName("the first chunk opens a file; the leader is told where that goes on")
  void opens() {
    assertThat(receiver.heard(question(TRANSFER, 0))).isEqualTo(new Step.Open(1, META));
    assertThat(receiver.heard(question(TRANSFER, 1))).isInstanceOf(Step.Ignore.class);
    assertThat(receiver.opened(1, 20)).contains(answer(1, 20, 20, Verdict.TAKEN));
    assertThat(receiver.progress()).isEqualTo(0.5);
  }

  @Test
  @DisplayName("chunks in order are written; what is written is told")
  void inOrder() {
    openedAt(0);
    assertThat(receiver.heard(chunk(0, 0, 10)))
        .isEqualTo(new Step.Write(1, 0, piece(CONTENT, 0, 10)));
    assertThat(receiver.heard(chunk(0, 10, 10))).isInstanceOf(Step.Write.class);
    assertThat(receiver.written(1, 10)).contains(answer(0, 20, 10, Verdict.TAKEN));
  }

  @Test
  @DisplayName("a gap is refused with what is wanted next; a duplicate is not written again")
  void gapsAndDuplicates() {
    openedAt(0);
    receiver.heard(chunk(0, 0, 10));
    assertThat(receiver.heard(chunk(0, 20, 10)))
        .isEqualTo(new Step.Reply(answer(0, 10, 0, Verdict.GAP)));
    assertThat(receiver.heard(chunk(0, 0, 10)))
        .isEqualTo(new Step.Reply(answer(0, 10, 0, Verdict.TAKEN)));
  }

  @Test
  @DisplayName("chunks of an earlier transfer or round, and damaged ones, change nothing")
  void ignores() {
    openedAt(0);
    receiver.heard(chunk(2, 0, 10));
    assertThat(receiver.heard(chunk(1, 10, 10))).isInstanceOf(Step.Ignore.class);
    assertThat(receiver.heard(question(transfer(4, 0), 9))).isInstanceOf(Step.Ignore.class);
    assertThat(receiver.heard(question(transfer(3, 7), 9))).isInstanceOf(Step.Ignore.class);
    var damaged =
        new SnapshotChunk(TRANSFER, META, 2, 10, piece(CONTENT, 10, 10), Checksum.of(Bytes.EMPTY));
    assertThat(receiver.heard(damaged)).isInstanceOf(Step.Ignore.class);
    var tooLong = content(50);
    assertThat(
            receiver.heard(
                new SnapshotChunk(
                    TRANSFER, META, 2, 10, Bytes.wrap(tooLong), Checksum.of(Bytes.wrap(tooLong)))))
        .isInstanceOf(Step.Ignore.class);
  }

  @Test
  @DisplayName("a later leader goes on with the same snapshot")
  void sameSnapshotOfANewLeader() {
    openedAt(20);
    var newer = transfer(5, 1);
    assertThat(receiver.heard(question(newer, 0)))
        .isEqualTo(new Step.Reply(new SnapshotAnswer(newer, 0, 20, 20, Verdict.TAKEN)));
  }

  @Test
  @DisplayName("another snapshot begins anew, and reports about the one before change nothing")
  void anotherSnapshot() {
    openedAt(20);
    var other = meta(11, content(60));
    var first = SnapshotChunk.of(other, slice(transfer(4, 2), 0, 0, 0), Bytes.EMPTY);
    assertThat(receiver.heard(first)).isEqualTo(new Step.Open(2, other));
    assertThat(receiver.written(1, 30)).isEmpty();
    assertThat(receiver.opened(1, 20)).isEmpty();
    receiver.failed(1);
    assertThat(receiver.receiving()).contains(other);
    assertThat(receiver.opened(2, 0)).isPresent();
    assertThat(receiver.written(1, 60)).isEmpty();
    assertThat(receiver.isComplete()).isFalse();
  }

  @Test
  @DisplayName("it is complete when all is written, and says installed only when it is")
  void completes() {
    openedAt(30);
    receiver.heard(chunk(0, 30, 10));
    assertThat(receiver.isComplete()).isFalse();
    assertThat(receiver.written(1, 40)).contains(answer(0, 40, 40, Verdict.TAKEN));
    assertThat(receiver.isComplete()).isTrue();
    assertThat(receiver.heard(question(TRANSFER, 1)))
        .isEqualTo(new Step.Reply(answer(1, 40, 40, Verdict.TAKEN)));
    assertThat(receiver.installed(1)).contains(answer(1, 40, 40, Verdict.INSTALLED));
    assertThat(receiver.receiving()).isEmpty();
  }

  @Test
  @DisplayName("an empty snapshot is complete as soon as its file is open")
  void empty() {
    var empty = meta(1, new byte[0]);
    receiver.heard(SnapshotChunk.of(empty, slice(TRANSFER, 0, 0, 0), Bytes.EMPTY));
    receiver.opened(1, 0);
    assertThat(receiver.isComplete()).isTrue();
  }

  @Test
  @DisplayName("after a failure the next chunk begins anew")
  void failure() {
    openedAt(0);
    receiver.heard(chunk(0, 0, 10));
    receiver.failed(1);
    assertThat(receiver.written(1, 10)).isEmpty();
    assertThat(receiver.heard(chunk(0, 10, 10))).isEqualTo(new Step.Open(2, META));
    assertThat(receiver.opened(2, 0)).contains(answer(0, 0, 0, Verdict.GAP));
  }

  @Test
  @DisplayName("who has what a snapshot includes says so without receiving it")
  void hasIt() {
    assertThat(SnapshotReceiver.hasIt(question(TRANSFER, 3)))
        .isEqualTo(answer(3, 40, 40, Verdict.INSTALLED));
  }

  private void openedAt(long offset) {
    receiver.heard(question(TRANSFER, 0));
    receiver.opened(1, offset);
  }

  private static SnapshotChunk question(SnapshotTransfer transfer, long round) {
    return SnapshotChunk.of(META, slice(transfer, round, 0, 0), Bytes.EMPTY);
  }

  private static SnapshotChunk chunk(long round, long offset, int size) {
    return SnapshotChunk.of(
        META, slice(TRANSFER, round, offset, size), piece(CONTENT, offset, size));
  }

  private static SnapshotSender.Slice slice(
      SnapshotTransfer transfer, long round, long offset, int size) {
    return new SnapshotSender.Slice(transfer, round, offset, size);
  }

  private static SnapshotAnswer answer(long round, long accepted, long written, Verdict verdict) {
    return new SnapshotAnswer(TRANSFER, round, accepted, written, verdict);
  }
}
