package io.pekkoraft.snapshot;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.Samples.meta;
import static io.pekkoraft.snapshot.Samples.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotSender.Bounds;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotSenderTest {
  private static final SnapshotTransfer TRANSFER = transfer(4, 1);
  private final SnapshotSender sender =
      new SnapshotSender(TRANSFER, meta(9, content(100)), new Bounds(10, 30, 2));

  @Test
  @DisplayName("a transfer begins with one question, and sends nothing before its answer")
  void asksFirst() {
    assertThat(slices()).containsExactly(new Slice(TRANSFER, 0, 0, 0));
    assertThat(slices()).isEmpty();
  }

  @Test
  @DisplayName("it goes on where the follower says it is, a window at most")
  void resumes() {
    startAt(40);
    assertThat(offsets()).containsExactly(40L, 50L, 60L);
    answer(0, 70, 50, Verdict.TAKEN);
    assertThat(offsets()).containsExactly(70L);
    assertThat(sender.progress()).isEqualTo(0.5);
  }

  @Test
  @DisplayName("the last chunk is as long as what is left")
  void lastChunk() {
    startAt(95);
    assertThat(slices()).containsExactly(new Slice(TRANSFER, 0, 95, 5));
    assertThat(slices()).isEmpty();
  }

  @Test
  @DisplayName("at a gap it sends again from there, once for all answers that tell of it")
  void gap() {
    startAt(0);
    slices();
    answer(0, 10, 0, Verdict.GAP);
    assertThat(slices())
        .containsExactly(new Slice(TRANSFER, 1, 10, 10), new Slice(TRANSFER, 1, 20, 10));
    answer(0, 10, 0, Verdict.GAP);
    assertThat(slices()).isEmpty();
  }

  @Test
  @DisplayName("after a silence it asks again, and what it had read meanwhile is not sent")
  void silence() {
    startAt(0);
    var read = slices();
    sender.tick();
    assertThat(slices()).isEmpty();
    sender.tick();
    assertThat(slices()).containsExactly(new Slice(TRANSFER, 1, 0, 0));
    assertThat(read).noneMatch(sender::isCurrent);
    answer(1, 20, 10, Verdict.TAKEN);
    assertThat(offsets()).containsExactly(20L, 30L);
  }

  @Test
  @DisplayName("answers that take longer than its patience still bring it forward")
  void slowAnswers() {
    slices();
    sender.tick();
    sender.tick();
    slices();
    answer(0, 0, 0, Verdict.TAKEN);
    assertThat(offsets()).containsExactly(0L, 10L, 20L);
  }

  @Test
  @DisplayName("a follower that lost what it had written starts over, but not in a loop")
  void startsOver() {
    startAt(50);
    slices();
    answer(0, 0, 0, Verdict.GAP);
    assertThat(slices()).isEmpty();
    sender.tick();
    sender.tick();
    assertThat(slices()).hasSize(1);
    answer(1, 0, 0, Verdict.TAKEN);
    assertThat(offsets()).containsExactly(0L, 10L, 20L);
    assertThat(sender.progress()).isZero();
  }

  @Test
  @DisplayName("answers of an earlier transfer, and answers that can't be, change nothing")
  void ignoresOthers() {
    slices();
    sender.answered(new SnapshotAnswer(transfer(4, 0), 0, 100, 100, Verdict.INSTALLED));
    sender.answered(new SnapshotAnswer(transfer(3, 1), 0, 10, 10, Verdict.TAKEN));
    answer(0, 101, 0, Verdict.TAKEN);
    answer(0, 10, 20, Verdict.TAKEN);
    answer(0, 10, -1, Verdict.TAKEN);
    assertThat(slices()).isEmpty();
    assertThat(sender.isInstalled()).isFalse();
  }

  @Test
  @DisplayName("all written is not done; installed is, however late it is said")
  void done() {
    startAt(100);
    assertThat(slices()).isEmpty();
    assertThat(sender.isInstalled()).isFalse();
    sender.tick();
    sender.tick();
    slices();
    answer(0, 100, 100, Verdict.INSTALLED);
    assertThat(sender.isInstalled()).isTrue();
    assertThat(sender.progress()).isEqualTo(1);
    sender.tick();
    sender.tick();
    assertThat(slices()).isEmpty();
  }

  @Test
  @DisplayName("bounds that would never send are refused")
  void refusesNonsense() {
    assertThatThrownBy(() -> new Bounds(10, 9, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private void startAt(long offset) {
    slices();
    answer(0, offset, offset, Verdict.TAKEN);
  }

  private void answer(long round, long accepted, long written, Verdict verdict) {
    sender.answered(new SnapshotAnswer(TRANSFER, round, accepted, written, verdict));
  }

  private List<Long> offsets() {
    return slices().stream().map(Slice::offset).toList();
  }

  private List<Slice> slices() {
    var slices = new ArrayList<Slice>();
    for (var next = sender.next(); next.isPresent(); next = sender.next()) {
      slices.add(next.get());
    }
    return slices;
  }
}
