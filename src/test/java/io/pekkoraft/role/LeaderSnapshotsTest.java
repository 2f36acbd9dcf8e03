package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static io.pekkoraft.role.SnapshotWords.answer;
import static io.pekkoraft.role.SnapshotWords.bytes;
import static io.pekkoraft.role.SnapshotWords.index;
import static io.pekkoraft.role.SnapshotWords.snapshot;
import static io.pekkoraft.role.SnapshotWords.state;
import static io.pekkoraft.role.SnapshotWords.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.SnapshotWork.NotTaken;
import io.pekkoraft.protocol.SnapshotWork.SliceNotRead;
import io.pekkoraft.protocol.SnapshotWork.SliceRead;
import io.pekkoraft.protocol.SnapshotWork.Taken;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.SnapshotReader.Keep;
import io.pekkoraft.storage.SnapshotReader.Read;
import io.pekkoraft.storage.SnapshotWriter.Retain;
import io.pekkoraft.storage.SnapshotWriter.Take;
import io.pekkoraft.storage.StoreEvent.Compacted;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * How a leader brings its snapshot to a follower (§7). It leads term 2, its snapshot includes the
 * first five entries, which it has discarded, and its no-op is entry 6.
 */
class LeaderSnapshotsTest {
  private static final long LATEST = Long.MAX_VALUE;
  private static final SnapshotMeta META = snapshot(1, 5, "a,b,c,d,e");
  private static final int LENGTH = 9;

  /** In pieces of four bytes, two at a time. */
  private static final String SETTINGS =
      "snapshots { min-entries = 3, max-entries = 3, keep-entries = 0, chunk-size = 4,"
          + " window-size = 8, patience = 2 }";

  private static PeerUnderTest leader() {
    return leader(SETTINGS);
  }

  private static PeerUnderTest leader(String settings) {
    var leader =
        given().inTerm(1).with(settings).withSnapshot(META, state("a,b,c,d,e"), at(1, 5)).leader();
    leader.hears(accepted(P3, 6));
    leader.forgetsWhatItSaid();
    return leader;
  }

  private static AppendAccepted accepted(PeerId from, long matched) {
    return new AppendAccepted(from, Term.of(2), index(matched), LATEST, incarnationOf(from));
  }

  private static AppendRejected rejected(PeerId from, long previous, LogPosition hint) {
    return new AppendRejected(from, Term.of(2), index(previous), hint, LATEST, incarnationOf(from));
  }

  /** P2 turns out to have nothing. */
  private static PeerUnderTest withFollowerThatHasNothing() {
    return withFollowerThatHasNothing(SETTINGS);
  }

  private static PeerUnderTest withFollowerThatHasNothing(String settings) {
    var leader = leader(settings);
    leader.hears(rejected(P2, 5, at(0, 0)));
    return leader;
  }

  private static InstallSnapshotReply reply(long transfer, long written, Verdict verdict) {
    return new InstallSnapshotReply(
        P2,
        Term.of(2),
        answer(transfer(2, transfer), written, written, verdict),
        incarnationOf(P2));
  }

  private static FollowerStatus progress(PeerUnderTest leader) {
    return leader.status().followers().get(P2);
  }

  private static List<SnapshotChunk> chunks(PeerUnderTest leader) {
    return leader.saidTo(P2, InstallSnapshot.class).stream().map(InstallSnapshot::chunk).toList();
  }

  /** Three more commands that P3 takes. */
  private static void commits(PeerUnderTest leader, long from) {
    for (var i = from; i < from + 3; i++) {
      leader.hearsProposal("x" + i);
    }
    leader.hears(accepted(P3, leader.lastIndex()));
  }

  @Nested
  @DisplayName("Sending")
  class Sending {
    @Test
    @DisplayName(
        "a follower whose next entry is discarded is asked how far it is with the snapshot")
    void begins() {
      var leader = withFollowerThatHasNothing();
      assertThat(chunks(leader))
          .singleElement()
          .satisfies(
              chunk -> {
                assertThat(chunk.meta()).isEqualTo(META);
                assertThat(chunk.content().size()).isZero();
                assertThat(chunk.transfer()).isEqualTo(transfer(2, 1));
              });
      assertThat(progress(leader).state()).isEqualTo(State.SNAPSHOT);
    }

    @Test
    @DisplayName("one that only lacks what the log still holds is sent entries")
    void notNeeded() {
      var leader = leader();
      leader.hears(accepted(P2, 5));
      assertThat(chunks(leader)).isEmpty();
      assertThat(leader.saidTo(P2, AppendEntries.class)).isNotEmpty();
    }

    @Test
    @DisplayName("it is read piece by piece, a window at a time, and goes on as it is written")
    void window() {
      var leader = withFollowerThatHasNothing();
      leader.forgetsWhatItSaid();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      var slices = leader.wantsRead(Read.class).stream().map(Read::slice).toList();
      assertThat(slices).extracting(slice -> slice.offset()).containsExactly(0L, 4L);
      leader.hears(new SliceRead(slices.get(0), bytes("a,b,")));
      assertThat(chunks(leader))
          .singleElement()
          .satisfies(chunk -> assertThat(chunk.content()).isEqualTo(bytes("a,b,")));
      leader.hears(reply(1, 4, Verdict.TAKEN));
      assertThat(leader.wantsRead(Read.class))
          .extracting(read -> read.slice().offset())
          .containsExactly(8L);
    }

    @Test
    @DisplayName("nothing else is sent meanwhile, but heartbeats without entries")
    void noEntries() {
      var leader = withFollowerThatHasNothing();
      leader.forgetsWhatItSaid();
      commits(leader, 7);
      leader.heartbeats();
      assertThat(leader.saidTo(P2, AppendEntries.class))
          .isNotEmpty()
          .allSatisfy(
              message -> {
                assertThat(message.entries().isEmpty()).isTrue();
                assertThat(message.previous().index().isAtLeast(index(5))).isTrue();
              });
      assertThat(leader.saidTo(P3, AppendEntries.class))
          .anyMatch(message -> !message.entries().isEmpty());
    }

    @Test
    @DisplayName("it is begun once, however often the follower refuses entries")
    void once() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      leader.wantsRead();
      leader.forgetsWhatItSaid();
      leader.hears(rejected(P2, 5, at(0, 0)));
      leader.heartbeats();
      leader.hears(rejected(P2, 6, at(0, 0)));
      assertThat(chunks(leader)).isEmpty();
      assertThat(leader.wantsRead(Read.class)).isEmpty();
    }

    @Test
    @DisplayName("after so many heartbeats of silence the follower is asked again")
    void patience() {
      var leader = withFollowerThatHasNothing();
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      assertThat(chunks(leader)).isEmpty();
      leader.heartbeats();
      assertThat(chunks(leader)).singleElement().matches(chunk -> chunk.content().size() == 0);
    }

    @Test
    @DisplayName(
        "while its own disk takes its time the follower is not silent, and not asked again")
    void slowReading() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      var slices = leader.wantsRead(Read.class).stream().map(Read::slice).toList();
      leader.forgetsWhatItSaid();
      for (var i = 0; i < 5; i++) {
        leader.heartbeats();
      }
      leader.hears(new SliceRead(slices.get(0), bytes("a,b,")));
      leader.heartbeats();
      leader.heartbeats();
      leader.hears(new SliceRead(slices.get(1), bytes("c,d,")));
      assertThat(chunks(leader))
          .extracting(SnapshotChunk::content)
          .containsExactly(bytes("a,b,"), bytes("c,d,"));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      leader.heartbeats();
      assertThat(chunks(leader)).singleElement().matches(chunk -> chunk.content().size() == 0);
    }

    @Test
    @DisplayName("a piece that was read for a transfer that has ended is not sent")
    void lateSlice() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      var slice = leader.wantsRead(Read.class).get(0).slice();
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED));
      leader.forgetsWhatItSaid();
      leader.hears(new SliceRead(slice, bytes("a,b,")));
      assertThat(chunks(leader)).isEmpty();
    }

    @Test
    @DisplayName("when it is in effect there, the entries after it follow")
    void installed() {
      var leader = withFollowerThatHasNothing();
      leader.forgetsWhatItSaid();
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED));
      assertThat(progress(leader).matchIndex()).isEqualTo(index(5));
      assertThat(progress(leader).state()).isEqualTo(State.PROBE);
      assertThat(leader.saidTo(P2, AppendEntries.class))
          .singleElement()
          .satisfies(
              message -> {
                assertThat(message.previous()).isEqualTo(at(1, 5));
                assertThat(message.entries().size()).isEqualTo(1);
              });
    }

    @Test
    @DisplayName("an answer to another transfer, or from who is sent none, changes nothing")
    void foreign() {
      var leader = withFollowerThatHasNothing();
      leader.hears(
          reply(7, LENGTH, Verdict.INSTALLED),
          new InstallSnapshotReply(
              P3,
              Term.of(2),
              answer(transfer(2, 1), LENGTH, LENGTH, Verdict.INSTALLED),
              incarnationOf(P3)));
      assertThat(progress(leader).state()).isEqualTo(State.SNAPSHOT);
      assertThat(progress(leader).matchIndex()).isEqualTo(index(0));
    }

    @Test
    @DisplayName("it ends when the follower's own log turns out to be enough")
    void logIsEnough() {
      var leader = withFollowerThatHasNothing();
      leader.hears(accepted(P2, 6));
      assertThat(progress(leader).state()).isNotEqualTo(State.SNAPSHOT);
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      leader.heartbeats();
      assertThat(chunks(leader)).isEmpty();
    }
  }

  @Nested
  @DisplayName("What it keeps")
  class Keeping {
    @Test
    @DisplayName(
        "trap 31: what comes after a snapshot on its way stays in the log until it is there")
    void keepsTheTail() {
      var leader = withFollowerThatHasNothing();
      commits(leader, 7);
      leader.hears(new Taken(snapshot(2, 9, "more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(6));
      leader.forgetsWhatItSaid();
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED), accepted(P2, 5));
      assertThat(chunks(leader)).isEmpty();
      leader.hears(accepted(P2, 9));
      commits(leader, 10);
      leader.hears(new Taken(snapshot(2, 12, "even more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(13));
    }

    @Test
    @DisplayName("trap 31: and until the follower has it, for the transfer may have taken long")
    void keepsTheTailAfterwards() {
      var leader = withFollowerThatHasNothing();
      commits(leader, 7);
      leader.hears(new Taken(snapshot(2, 9, "more")));
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED));
      commits(leader, 10);
      leader.hears(new Taken(snapshot(2, 12, "even more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(6));
      assertThat(progress(leader).state()).isNotEqualTo(State.SNAPSHOT);
      leader.hears(accepted(P2, 11));
      assertThat(leader.status().firstIndex()).isEqualTo(index(6));
      leader.forgetsWhatItSaid();
      leader.hears(accepted(P2, 12));
      assertThat(leader.status().firstIndex()).isEqualTo(index(13));
      assertThat(leader.written()).singleElement().isInstanceOf(Compacted.class);
    }

    @Test
    @DisplayName("but not for one that falls silent on the way")
    void notForOneThatFallsSilent() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED));
      leader.passes(Duration.ofSeconds(1));
      commits(leader, 7);
      leader.hears(new Taken(snapshot(2, 9, "more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(10));
    }

    @Test
    @DisplayName("its file stays as well, though a newer one is in effect")
    void keepsTheFile() {
      var leader = withFollowerThatHasNothing();
      commits(leader, 7);
      leader.wantsWritten();
      leader.wantsRead();
      var newer = snapshot(2, 9, "more");
      leader.hears(new Taken(newer));
      assertThat(leader.wantsRead(Keep.class)).containsExactly(new Keep(List.of(META.id())));
      assertThat(leader.wantsWritten(Retain.class))
          .containsExactly(new Retain(List.of(META.id(), newer.id())));
      leader.hears(reply(1, LENGTH, Verdict.INSTALLED));
      assertThat(leader.wantsWritten(Retain.class))
          .containsExactly(new Retain(List.of(newer.id())));
    }

    @Test
    @DisplayName("a leader no more, it keeps no file for others, and closes what it read")
    void leaves() {
      var leader = withFollowerThatHasNothing();
      leader.wantsWritten();
      leader.wantsRead();
      leader.hears(append(3, P3, at(1, 5)));
      assertThat(leader.wantsRead(Keep.class)).containsExactly(new Keep(List.of()));
      assertThat(leader.wantsWritten(Retain.class)).containsExactly(new Retain(List.of(META.id())));
    }

    @Test
    @DisplayName("for a follower that was asked in vain for long, nothing is kept")
    void keepsNothingForTheSilent() {
      var leader = withFollowerThatHasNothing();
      leader.heartbeats();
      leader.heartbeats();
      commits(leader, 7);
      leader.hears(new Taken(snapshot(2, 9, "more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(10));
    }

    @Test
    @DisplayName("when it is heard again, it is sent the newest one, for the old one would not do")
    void newestForTheSilent() {
      var leader = withFollowerThatHasNothing();
      leader.heartbeats();
      leader.heartbeats();
      commits(leader, 7);
      var newest = snapshot(2, 9, "more");
      leader.hears(new Taken(newest));
      leader.forgetsWhatItSaid();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      assertThat(leader.wantsRead(Read.class)).isEmpty();
      assertThat(chunks(leader))
          .singleElement()
          .satisfies(
              chunk -> {
                assertThat(chunk.meta()).isEqualTo(newest);
                assertThat(chunk.transfer()).isEqualTo(transfer(2, 2));
              });
    }

    @Test
    @DisplayName("if the old one will do, it goes on")
    void goesOnWithTheSilent() {
      var leader = withFollowerThatHasNothing();
      leader.heartbeats();
      leader.heartbeats();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      assertThat(leader.wantsRead(Read.class)).hasSize(2);
    }

    @Test
    @DisplayName("a log that grew full because it was kept is let go, and commands are taken")
    void letsGo() {
      var leader =
          withFollowerThatHasNothing(
              SETTINGS + ", snapshots { max-size = 100, max-log-size = 100 }");
      commits(leader, 7);
      leader.hears(new Taken(snapshot(2, 9, "more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(6));
      var replies = Stream.generate(() -> leader.hearsProposal("long enough")).limit(20).toList();
      assertThat(leader.status().firstIndex()).isEqualTo(index(10));
      assertThat(replies.get(4).hasMessages()).isFalse();
    }

    @Test
    @DisplayName("a log that is full is not kept for a follower")
    void fullLog() {
      var leader =
          withFollowerThatHasNothing(SETTINGS + ", snapshots { max-size = 10, max-log-size = 10 }");
      commits(leader, 7);
      var last = leader.lastIndex();
      assertThat(leader.hearsProposal("one too many").receiveMessage().isError()).isTrue();
      leader.hears(accepted(P3, last));
      leader.hears(new Taken(snapshot(2, last, "more")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(last + 1));
    }
  }

  @Nested
  @DisplayName("Trouble")
  class Trouble {
    @Test
    @DisplayName("one that can't be read is replaced by another, which is sent instead")
    void unreadable() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      var slice = leader.wantsRead(Read.class).get(0).slice();
      leader.wantsWritten();
      leader.hears(new SliceNotRead(slice, "on purpose"));
      assertThat(leader.wantsWritten(Take.class)).hasSize(1);
      var another = snapshot(2, 6, "a,b,c,d,e");
      leader.forgetsWhatItSaid();
      leader.hears(new Taken(another));
      leader.heartbeats();
      leader.hears(rejected(P2, 6, at(0, 0)));
      assertThat(chunks(leader))
          .isNotEmpty()
          .allSatisfy(chunk -> assertThat(chunk.meta()).isEqualTo(another));
    }

    @Test
    @DisplayName(
        "it is tried anew with a heartbeat: not with each batch, and also if there is none")
    void unreadableStill() {
      var leader = withFollowerThatHasNothing();
      leader.hears(reply(1, 0, Verdict.TAKEN));
      leader.hears(new SliceNotRead(leader.wantsRead(Read.class).get(0).slice(), "on purpose"));
      leader.hears(new NotTaken(at(2, 6), "on purpose"));
      leader.forgetsWhatItSaid();
      leader.hearsProposal("x");
      assertThat(chunks(leader)).isEmpty();
      leader.heartbeats();
      assertThat(chunks(leader)).hasSize(1);
    }

    @Test
    @DisplayName("commands are refused while the log is full, and taken again when it is not")
    void overloaded() {
      var leader =
          leader(
              "snapshots { min-entries = 2, max-entries = 99, max-size = 60, max-log-size = 60,"
                  + " keep-entries = 0 }");
      var first = leader.hearsProposal("x".repeat(60));
      assertThat(first.hasMessages()).isFalse();
      var refused = leader.hearsProposal("y");
      assertThat(refused.receiveMessage().getError())
          .isInstanceOf(Overloaded.class)
          .hasMessageContaining("max-log-size");
      leader.hears(accepted(P3, 7));
      assertThat(first.receiveMessage().isSuccess()).isTrue();
      assertThat(leader.wantsWritten(Take.class)).hasSize(1);
      leader.hears(new Taken(snapshot(2, 7, "all")));
      var last = leader.hearsProposal("z");
      leader.hears(accepted(P3, 8));
      assertThat(last.receiveMessage().isSuccess()).isTrue();
    }

    private PeerUnderTest withFullLog() {
      var leader =
          leader(
              "snapshots { min-entries = 1000, max-entries = 1000, keep-entries = 1000,"
                  + " max-size = 60, max-log-size = 60, retry-after = 5 s }");
      leader.hearsProposal("x".repeat(60));
      leader.hears(accepted(P3, 7));
      return leader;
    }

    @Test
    @DisplayName("a full log goes as soon as it can, however few its entries are")
    void fewLargeEntries() {
      var leader = withFullLog();
      assertThat(leader.wantsWritten(Take.class)).hasSize(1);
      leader.hears(new Taken(snapshot(2, 7, "all")));
      assertThat(leader.status().firstIndex()).isEqualTo(index(8));
      assertThat(leader.hearsProposal("z").hasMessages()).isFalse();
    }

    @Test
    @DisplayName("if it could not be written it is tried again, not at once and not never")
    void triesAgain() {
      var leader = withFullLog();
      leader.wantsWritten();
      leader.hears(new NotTaken(at(2, 7), "on purpose"));
      leader.hearsProposal("refused");
      assertThat(leader.wantsWritten()).isEmpty();
      leader.passes(Duration.ofSeconds(5));
      assertThat(leader.hearsProposal("refused").receiveMessage().isError()).isTrue();
      assertThat(leader.wantsWritten(Take.class)).hasSize(1);
    }

    @Test
    @DisplayName("the follower's word alone moves no snapshot: only the leader of its term counts")
    void olderTerm() {
      var leader = withFollowerThatHasNothing();
      leader.hears(
          new InstallSnapshotReply(
              P2,
              Term.of(1),
              answer(transfer(2, 1), LENGTH, LENGTH, Verdict.INSTALLED),
              incarnationOf(P2)));
      assertThat(progress(leader).state()).isEqualTo(State.SNAPSHOT);
    }
  }

  @Test
  @DisplayName("a follower in a newer term ends the leader's office, and its transfers")
  void newerTerm() {
    var leader = withFollowerThatHasNothing();
    leader.hears(
        new InstallSnapshotReply(
            P2, Term.of(3), answer(transfer(2, 1), 0, 0, Verdict.TAKEN), incarnationOf(P2)));
    assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
    assertThat(leader.wantsRead(Read.class)).isEmpty();
  }
}
