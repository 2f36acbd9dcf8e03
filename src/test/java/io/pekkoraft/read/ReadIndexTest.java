package io.pekkoraft.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.LogIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadIndexTest {
  private final ReadIndex<String> reads = new ReadIndex<>();
  private final List<String> answered = new ArrayList<>();

  private void applied(long index) {
    reads.applied(LogIndex.of(index), answered::add);
  }

  @Test
  @DisplayName("a read waits for a round that begins after it came")
  void roundAfterwards() {
    reads.add("a");
    reads.begin(5);
    reads.add("b");
    reads.confirmed(4, LogIndex.ZERO);
    applied(9);
    assertThat(answered).isEmpty();
    reads.confirmed(5, LogIndex.ZERO);
    applied(9);
    assertThat(answered).containsExactly("a");
  }

  @Test
  @DisplayName("those that come during a round share the next one")
  void oneRoundAtATime() {
    reads.add("a");
    assertThat(reads.needsRound()).isTrue();
    reads.begin(1);
    reads.add("b");
    reads.add("c");
    assertThat(reads.needsRound()).isFalse();
    reads.confirmed(1, LogIndex.ZERO);
    assertThat(reads.needsRound()).isTrue();
    reads.begin(2);
    reads.confirmed(2, LogIndex.ZERO);
    applied(0);
    assertThat(answered).containsExactly("a", "b", "c");
  }

  @Test
  @DisplayName("then it waits for what was committed to be applied")
  void appliedFirst() {
    reads.add("a");
    reads.begin(1);
    reads.confirmed(1, LogIndex.of(7));
    applied(6);
    assertThat(answered).isEmpty();
    applied(7);
    assertThat(answered).containsExactly("a");
  }

  @Test
  @DisplayName("when it is over, nobody is forgotten")
  void abandon() {
    for (var read : List.of("a", "b")) {
      reads.add(read);
      reads.begin(1);
      reads.confirmed(1, LogIndex.of(9));
    }
    reads.add("c");
    reads.begin(2);
    reads.add("d");
    assertThat(reads.size()).isEqualTo(4);
    reads.abandon(answered::add);
    assertThat(answered).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(reads.size()).isZero();
    assertThat(reads.needsRound()).isFalse();
  }

  @Test
  @DisplayName("a lease is shorter than the promise by what two clocks may drift apart")
  void lease() {
    var lease = new Lease(Duration.ofNanos(1100), 0.1);
    assertThat(lease.holds(50, 50 + 890)).isTrue();
    assertThat(lease.holds(50, 50 + 900)).isFalse();
  }
}
