package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.entry;
import static io.pekkoraft.role.PeerUnderTest.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FollowerReadsTest {
  private static final ReadConsistency FOLLOWER = ReadConsistency.follower();

  /** A follower of P2 in term 1 that has applied one entry. */
  private static PeerUnderTest follower(String settings) {
    var follower = given().inTerm(1).with(settings).follower();
    follower.hears(append(1, P2, at(0, 0), 1, entry(1, "x")));
    follower.forgetsWhatItSaid();
    return follower;
  }

  private static long lastQuestion(PeerUnderTest follower) {
    var asked = follower.saidTo(P2, AskReadIndex.class);
    return asked.get(asked.size() - 1).number();
  }

  /** To the last question. */
  private static ReadIndexAnswer answer(PeerUnderTest follower, long index) {
    return answer(lastQuestion(follower), index);
  }

  private static ReadIndexAnswer answer(long number, long index) {
    return new ReadIndexAnswer(P2, Term.of(1), number, LogIndex.of(index));
  }

  @Test
  @DisplayName("it asks its leader how far it must have come, and answers when it has")
  void asks() {
    var follower = follower("");
    var read = follower.hearsRead("?", FOLLOWER);
    assertThat(follower.saidTo(P2, AskReadIndex.class)).hasSize(1);
    follower.hears(answer(follower, 2));
    assertThat(read.hasMessages()).isFalse();
    follower.hears(append(1, P2, at(1, 1), 2, entry(1, "y")));
    assertThat(read.receiveMessage().getValue()).isEqualTo("x,y");
  }

  @Test
  @DisplayName("trap 40: an answer to an older question is none")
  void lateAnswer() {
    var follower = follower("");
    var first = follower.hearsRead("?", FOLLOWER);
    var old = answer(follower, 1);
    follower.hears(old);
    assertThat(first.hasMessages()).isTrue();
    var second = follower.hearsRead("?", FOLLOWER);
    follower.hears(old);
    assertThat(second.hasMessages()).isFalse();
    follower.hears(answer(follower, 1));
    assertThat(second.hasMessages()).isTrue();
  }

  @Test
  @DisplayName("trap 40: nor is an answer to a question from before it lost its leader for a while")
  void answerToAnotherSpell() {
    var follower = follower("");
    follower.hearsRead("?", FOLLOWER);
    var old = answer(follower, 1);
    follower.hearsNothing();
    follower.hears(append(1, P2, at(1, 1), 1));
    var read = follower.hearsRead("?", FOLLOWER);
    follower.hears(old);
    assertThat(read.hasMessages()).isFalse();
    follower.hears(answer(follower, 1));
    assertThat(read.hasMessages()).isTrue();
  }

  @Test
  @DisplayName("a question that got lost is asked again when the leader is heard")
  void asksAgain() {
    var follower = follower("");
    follower.hearsRead("?", FOLLOWER);
    follower.passes(Duration.ofMillis(51));
    follower.hears(append(1, P2, at(1, 1), 1));
    assertThat(follower.saidTo(P2, AskReadIndex.class)).hasSize(2);
  }

  @Test
  @DisplayName("linearizable by its leader only; without a leader, or without room, not here")
  void refuses() {
    var follower = follower("reads.max-pending = 1");
    assertThat(follower.hearsRead("?").receiveMessage().getError()).isInstanceOf(NotLeader.class);
    follower.hearsRead("?", FOLLOWER);
    assertThat(follower.hearsRead("?", FOLLOWER).receiveMessage().getError())
        .isInstanceOf(Overloaded.class);
    assertThat(given().follower().hearsRead("?", FOLLOWER).receiveMessage().getError())
        .isInstanceOf(NotLeader.class);
  }

  @Test
  @DisplayName("when its leader is lost, those who wait are told to ask elsewhere")
  void abandons() {
    var follower = follower("");
    var read = follower.hearsRead("?", FOLLOWER);
    follower.hearsNothing();
    assertThat(read.receiveMessage().getError()).isInstanceOf(NotLeader.class);
  }

  @Test
  @DisplayName("what a client has seen before it sees again, at any peer")
  void atLeast() {
    var follower = follower("");
    assertThat(follower.hearsRead("?", ReadConsistency.atLeast(LogIndex.of(1))).hasMessages())
        .isTrue();
    var later = follower.hearsRead("?", ReadConsistency.atLeast(LogIndex.of(2)));
    follower.hears(answer(follower, 2), append(1, P2, at(1, 1), 2, entry(1, "y")));
    assertThat(later.receiveMessage().getValue()).isEqualTo("x,y");
  }

  @Test
  @DisplayName("what the group never came to is no index to read at")
  void noSuchIndex() {
    var follower = follower("");
    var foreign = follower.hearsRead("?", ReadConsistency.atLeast(LogIndex.of(9)));
    follower.hears(answer(follower, 1));
    assertThat(foreign.receiveMessage().getError())
        .isInstanceOfSatisfying(
            CommandRefused.class,
            refused -> assertThat(refused.reason()).isEqualTo(CommandRefused.Reason.NO_SUCH_INDEX));
  }

  @Test
  @DisplayName("how stale it is counts from its question, not from the answer")
  void stale() {
    var follower = follower("");
    var stale = ReadConsistency.stale(Duration.ofMillis(100));
    var first = follower.hearsRead("?", stale);
    assertThat(first.hasMessages()).isFalse();
    follower.passes(Duration.ofMillis(60));
    follower.hears(answer(follower, 1));
    assertThat(first.hasMessages()).isTrue();
    follower.passes(Duration.ofMillis(40));
    assertThat(follower.hearsRead("?", stale).hasMessages()).isTrue();
    follower.passes(Duration.ofMillis(1));
    assertThat(follower.hearsRead("?", stale).hasMessages()).isFalse();
  }
}
