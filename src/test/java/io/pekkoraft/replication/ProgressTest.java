package io.pekkoraft.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import java.util.Collections;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** §7 a follower that needs a snapshot, as its leader sees it; the leader's log is 11 to 20. */
class ProgressTest {
  private static final RaftLog LEADERS =
      new RaftLog(LogPosition.of(1, 10), Collections.nCopies(10, Entry.noOp(Term.of(2))));

  private static Progress needingASnapshot() {
    var progress = new Progress(LogIndex.of(21), new RaftSettings.Replication(100, 2, 1000));
    progress.rejected(LogIndex.of(20), LogPosition.of(1, 3), 0, LEADERS);
    progress.needsSnapshot();
    return progress;
  }

  @Test
  @DisplayName("nothing is sent to it but the snapshot, whatever time passes")
  void sendsNothing() {
    var progress = needingASnapshot();
    assertThat(progress.status().state()).isEqualTo(State.SNAPSHOT);
    assertThat(progress.isAwaitingSnapshot()).isTrue();
    assertThat(progress.maySend()).isFalse();
    progress.heartbeat();
    progress.sent(Batch.EMPTY);
    assertThat(progress.maySend()).isFalse();
    assertThat(progress.next()).isEqualTo(LogIndex.of(4));
  }

  @Test
  @DisplayName("that it refuses what comes after the snapshot is no news")
  void refusals() {
    var progress = needingASnapshot();
    assertThat(progress.rejected(LogIndex.of(10), LogPosition.of(1, 3), 9, LEADERS)).isFalse();
    assertThat(progress.isAwaitingSnapshot()).isTrue();
  }

  @Test
  @DisplayName("when it has the snapshot, it is asked where the logs agree, from its end on")
  void installed() {
    var progress = needingASnapshot();
    progress.installed(LogIndex.of(15));
    assertThat(progress.match()).isEqualTo(LogIndex.of(15));
    assertThat(progress.next()).isEqualTo(LogIndex.of(16));
    assertThat(progress.status().state()).isEqualTo(State.PROBE);
    assertThat(progress.maySend()).isTrue();
  }

  @Test
  @DisplayName("what it has proven stays proven, if the snapshot includes less")
  void installedLess() {
    var progress = needingASnapshot();
    progress.accepted(LogIndex.of(18), 0);
    progress.installed(LogIndex.of(15));
    assertThat(progress.match()).isEqualTo(LogIndex.of(18));
    assertThat(progress.next()).isEqualTo(LogIndex.of(19));
  }

  @Test
  @DisplayName("an acceptance alone does not end the snapshot; its leader decides that")
  void accepted() {
    var progress = needingASnapshot();
    progress.accepted(LogIndex.of(12), 9);
    assertThat(progress.isAwaitingSnapshot()).isTrue();
    assertThat(progress.next()).isEqualTo(LogIndex.of(13));
    progress.probe();
    assertThat(progress.status().state()).isEqualTo(State.PROBE);
  }
}
