package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** p1 leads, p2 follows; their logs are equal up to 9. */
class UnansweredTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");
  private static final LogPosition LAST = LogPosition.of(2, 9);

  private final Unanswered unanswered = new Unanswered();

  private static ForPeer letter(String group, PeerId from, PeerId to, PeerMessage message) {
    return new ForPeer("pekko://kv@10.0.0.1:7400", group, from, to, message);
  }

  private static ForPeer heartbeat(String group, long round) {
    return heartbeat(group, round, Batch.EMPTY);
  }

  private static ForPeer heartbeat(String group, long round, Batch entries) {
    return letter(
        group, P1, P2, new AppendEntries(P1, Term.of(3), LAST, entries, LAST.index(), round));
  }

  private static ForPeer answer(String group, PeerId to, long term, long round, long matched) {
    var answer =
        new AppendAccepted(
            P2, Term.of(term), LogIndex.of(matched), round, Incarnation.of(P2.hashCode()));
    return letter(group, P2, to, answer);
  }

  @Test
  @DisplayName("an answer to a heartbeat that came in a bundle may wait, once")
  void once() {
    unanswered.came(heartbeat("kv", 5));
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 9))).isTrue();
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 9))).isFalse();
  }

  @Test
  @DisplayName("an answer to anything else must not: reads and commands wait for it")
  void somethingElse() {
    unanswered.came(heartbeat("kv", 5));
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 6, 9))).as("a round of reads").isFalse();
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 10))).as("an entry").isFalse();
    assertThat(unanswered.isAnswer(answer("kv", P1, 4, 5, 9))).as("a later term").isFalse();
    assertThat(unanswered.isAnswer(answer("kv", P3, 3, 5, 9))).as("another leader").isFalse();
    assertThat(unanswered.isAnswer(answer("other", P1, 3, 5, 9))).as("another group").isFalse();
    var refusal =
        new AppendRejected(
            P2, Term.of(3), LAST.index(), LogPosition.of(1, 4), 5, Incarnation.of(P2.hashCode()));
    assertThat(unanswered.isAnswer(letter("kv", P2, P1, refusal))).as("a refusal").isFalse();
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 9))).as("its own answer").isTrue();
  }

  @Test
  @DisplayName("entries are answered at once, even if they came in a bundle")
  void entries() {
    unanswered.came(heartbeat("kv", 5, Batch.of(Entry.noOp(Term.of(3)))));
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 10))).isFalse();
  }

  @Test
  @DisplayName("of a follower the last heartbeat counts")
  void last() {
    unanswered.came(heartbeat("kv", 5));
    unanswered.came(heartbeat("kv", 6));
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 5, 9))).isFalse();
    assertThat(unanswered.isAnswer(answer("kv", P1, 3, 6, 9))).isTrue();
  }

  @Test
  @DisplayName("so many are remembered, the newest; what answers an earlier one does not wait")
  void bounded() {
    for (var i = 0; i <= Unanswered.MOST; i++) {
      unanswered.came(heartbeat("group-" + i, 5));
    }
    assertThat(unanswered.isAnswer(answer("group-0", P1, 3, 5, 9))).isFalse();
    assertThat(unanswered.isAnswer(answer("group-1", P1, 3, 5, 9))).isTrue();
    assertThat(unanswered.isAnswer(answer("group-" + Unanswered.MOST, P1, 3, 5, 9))).isTrue();
  }
}
