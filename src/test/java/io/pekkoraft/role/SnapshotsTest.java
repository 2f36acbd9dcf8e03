package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.entries;
import static io.pekkoraft.role.PeerUnderTest.entry;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.SnapshotWords.index;
import static io.pekkoraft.role.SnapshotWords.snapshot;
import static io.pekkoraft.role.SnapshotWords.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.protocol.ClientMessage.TakeSnapshot;
import io.pekkoraft.protocol.SnapshotWork.NotTaken;
import io.pekkoraft.protocol.SnapshotWork.Taken;
import io.pekkoraft.session.Sessions;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.SnapshotWriter.Retain;
import io.pekkoraft.storage.SnapshotWriter.Take;
import io.pekkoraft.storage.StoreEvent.Compacted;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A peer's own snapshots (§7). It is a follower of p2 in term 1 here, and they are due often. */
class SnapshotsTest {
  private static final String OFTEN =
      "snapshots { min-entries = 3, max-entries = 3, keep-entries = 0 }";

  private static PeerUnderTest follower(String settings) {
    return given().inTerm(1).with(settings).follower();
  }

  /** Hears of the entries from {@code first} through {@code last}, all of them committed. */
  private static void commits(PeerUnderTest peer, long first, long last) {
    var entries =
        LongStream.rangeClosed(first, last).mapToObj(i -> entry(1, "c" + i)).toArray(Entry[]::new);
    peer.hears(append(1, P2, at(first == 1 ? 0 : 1, first - 1), last, entries));
  }

  private static List<Compacted> compacted(PeerUnderTest peer) {
    return peer.written().stream()
        .filter(Compacted.class::isInstance)
        .map(Compacted.class::cast)
        .toList();
  }

  private static TestInbox<StatusReply<LogPosition>> isAskedForOne(PeerUnderTest peer) {
    var inbox = TestInbox.<StatusReply<LogPosition>>create();
    peer.hears(new TakeSnapshot(inbox.getRef()));
    return inbox;
  }

  @Nested
  @DisplayName("Taking one")
  class Taking {
    @Test
    @DisplayName("one is taken when it is due: state, sessions and configuration at one index")
    void whenDue() {
      var peer = follower(OFTEN);
      commits(peer, 1, 2);
      assertThat(peer.wantsWritten()).isEmpty();
      commits(peer, 3, 3);
      var taken = peer.wantsWritten(Take.class);
      assertThat(taken).hasSize(1);
      assertThat(taken.get(0).state().position()).isEqualTo(at(1, 3));
      assertThat(taken.get(0).state().machine()).isEqualTo("c1,c2,c3");
      assertThat(taken.get(0).state().sessions()).isEqualTo(new Sessions().encode());
      assertThat(ConfigurationFormat.decodeVersioned(taken.get(0).configuration()))
          .isEqualTo(peer.status().configuration());
    }

    @Test
    @DisplayName("what is not committed is in none")
    void onlyWhatIsCommitted() {
      var peer = follower(OFTEN);
      peer.hears(append(1, P2, at(0, 0), 2, entries(1, 1, 1, 1).toArray(Entry[]::new)));
      assertThat(peer.wantsWritten()).isEmpty();
    }

    @Test
    @DisplayName("never two at once; the next one is due after as many entries more")
    void oneAtATime() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      commits(peer, 4, 9);
      assertThat(peer.wantsWritten(Take.class)).hasSize(1);
      peer.hears(new Taken(snapshot(1, 3, "c1,c2,c3")));
      commits(peer, 10, 10);
      assertThat(peer.wantsWritten(Take.class))
          .extracting(take -> take.state().position())
          .containsExactly(at(1, 10));
    }

    @Test
    @DisplayName("while it is being written the log is as it was, and the journal, too")
    void nothingChangesBefore() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      assertThat(compacted(peer)).isEmpty();
      assertThat(peer.status().firstIndex()).isEqualTo(index(1));
    }

    @Test
    @DisplayName(
        "when it is on disk, the log it includes is discarded and the journal points at it")
    void onDisk() {
      var peer = given().inTerm(1).havingVotedFor(P2).with(OFTEN).follower();
      commits(peer, 1, 3);
      commits(peer, 4, 4);
      var meta = snapshot(1, 3, "c1,c2,c3");
      peer.hears(new Taken(meta));
      assertThat(peer.status().firstIndex()).isEqualTo(index(4));
      assertThat(peer.lastIndex()).isEqualTo(4);
      var compacted = compacted(peer);
      assertThat(compacted).hasSize(1);
      assertThat(compacted.get(0).snapshot()).isEqualTo(meta);
      assertThat(compacted.get(0).base()).isEqualTo(at(1, 3));
      assertThat(compacted.get(0).term()).isEqualTo(peer.term());
      assertThat(compacted.get(0).votedFor()).contains(P2);
    }

    @Test
    @DisplayName("so many entries before it stay for followers that are a little behind")
    void keepsSome() {
      var peer = follower("snapshots { min-entries = 3, max-entries = 3, keep-entries = 2 }");
      commits(peer, 1, 3);
      peer.hears(new Taken(snapshot(1, 3, "c1,c2,c3")));
      assertThat(peer.status().firstIndex()).isEqualTo(index(2));
      assertThat(compacted(peer)).extracting(Compacted::base).containsExactly(at(1, 1));
    }

    @Test
    @DisplayName("entries of many bytes make one due sooner")
    void bytes() {
      var peer =
          follower(
              "snapshots { min-entries = 2, max-entries = 999, max-size = 1, keep-entries = 0 }");
      commits(peer, 1, 1);
      assertThat(peer.wantsWritten()).isEmpty();
      commits(peer, 2, 2);
      assertThat(peer.wantsWritten(Take.class)).hasSize(1);
    }

    @Test
    @DisplayName("one that fails changes nothing, is told, and is tried again after some entries")
    void failed() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      peer.hears(new NotTaken(at(1, 3), "on purpose"));
      assertThat(peer.events()).hasAtLeastOneElementOfType(RaftEvent.SnapshotFailed.class);
      assertThat(peer.status().firstIndex()).isEqualTo(index(1));
      assertThat(compacted(peer)).isEmpty();
      commits(peer, 4, 5);
      assertThat(peer.wantsWritten(Take.class)).hasSize(1);
      commits(peer, 6, 6);
      assertThat(peer.wantsWritten(Take.class))
          .extracting(take -> take.state().position())
          .containsExactly(at(1, 6));
    }

    @Test
    @DisplayName("and if it was due for its bytes, after as few entries, and after a while")
    void failedForBytes() {
      var peer =
          follower(
              "snapshots { min-entries = 2, max-entries = 999, max-size = 100, retry-after = 5 s"
                  + " }");
      commits(peer, 1, 9);
      peer.wantsWritten();
      for (var index = 10; index < 13; index += 2) {
        peer.hears(new NotTaken(at(1, index - 1), "on purpose"));
        commits(peer, index, index);
        assertThat(peer.wantsWritten(Take.class)).isEmpty();
        commits(peer, index + 1, index + 1);
        assertThat(peer.wantsWritten(Take.class)).hasSize(1);
      }
      peer.hears(new NotTaken(at(1, 13), "on purpose"));
      peer.passes(Duration.ofSeconds(5));
      commits(peer, 14, 14);
      assertThat(peer.wantsWritten(Take.class)).hasSize(1);
    }

    @Test
    @DisplayName("a state that can't be handed over is told like one that can't be written")
    void notHandedOver() {
      var peer = follower(OFTEN);
      peer.hears(append(1, P2, at(0, 0), 3, entry(1, "a"), entry(1, "b"), entry(1, "melt")));
      assertThat(peer.wantsWritten()).isEmpty();
      assertThat(peer.events()).hasAtLeastOneElementOfType(RaftEvent.SnapshotFailed.class);
      assertThat(isAskedForOne(peer).receiveMessage().getError())
          .isInstanceOfSatisfying(
              ChangeRefused.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(ChangeRefused.Reason.FAILED));
      assertThat(peer.status().lastApplied()).isEqualTo(index(3));
    }
  }

  @Nested
  @DisplayName("Deleting old ones")
  class Deleting {
    @Test
    @DisplayName("the one before is deleted only when the journal points at the new one")
    void notBeforeThePointer() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      peer.wantsWritten();
      peer.diskHangs();
      var meta = snapshot(1, 3, "c1,c2,c3");
      peer.hears(new Taken(meta));
      assertThat(peer.wantsWritten(Retain.class)).isEmpty();
      peer.diskRecovers();
      assertThat(peer.wantsWritten(Retain.class)).containsExactly(new Retain(List.of(meta.id())));
    }

    @Test
    @DisplayName("a write that was under way before says nothing of the pointer")
    void anEarlierWrite() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      peer.wantsWritten();
      peer.diskHangs();
      commits(peer, 4, 4);
      peer.hears(new Taken(snapshot(1, 3, "c1,c2,c3")));
      peer.diskFinishesOneWrite();
      assertThat(peer.wantsWritten(Retain.class)).isEmpty();
      peer.diskFinishesOneWrite();
      assertThat(peer.wantsWritten(Retain.class)).hasSize(1);
    }
  }

  @Nested
  @DisplayName("Asked for one")
  class OnRequest {
    @Test
    @DisplayName("it is taken though none is due, and told when it is on disk")
    void taken() {
      var peer = follower("");
      commits(peer, 1, 2);
      var reply = isAskedForOne(peer);
      assertThat(peer.wantsWritten(Take.class)).hasSize(1);
      assertThat(reply.hasMessages()).isFalse();
      peer.hears(new Taken(snapshot(1, 2, "c1,c2")));
      assertThat(reply.receiveMessage().getValue()).isEqualTo(at(1, 2));
    }

    @Test
    @DisplayName("it is there already if nothing was applied since")
    void there() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      peer.hears(new Taken(snapshot(1, 3, "c1,c2,c3")));
      peer.wantsWritten();
      assertThat(isAskedForOne(peer).receiveMessage().getValue()).isEqualTo(at(1, 3));
      assertThat(peer.wantsWritten()).isEmpty();
    }

    @Test
    @DisplayName("it is refused while one is being taken")
    void refused() {
      var peer = follower(OFTEN);
      commits(peer, 1, 3);
      assertThat(isAskedForOne(peer).receiveMessage().getError())
          .isInstanceOfSatisfying(
              ChangeRefused.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(ChangeRefused.Reason.UNDER_WAY));
    }

    @Test
    @DisplayName("it is told that it failed, and why")
    void failed() {
      var peer = follower("");
      commits(peer, 1, 2);
      var reply = isAskedForOne(peer);
      peer.hears(new NotTaken(at(1, 2), "on purpose"));
      assertThat(reply.receiveMessage().getError())
          .isInstanceOfSatisfying(
              ChangeRefused.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(ChangeRefused.Reason.FAILED))
          .hasMessageContaining("on purpose");
    }
  }

  @Nested
  @DisplayName("Recovering from one")
  class Recovery {
    private final SnapshotMeta meta = snapshot(1, 3, "c1,c2,c3");

    @Test
    @DisplayName("the state is the snapshot's; what comes after it is applied when committed")
    void goesOn() {
      var peer =
          given()
              .inTerm(1)
              .withSnapshot(meta, state("c1,c2,c3"), at(1, 3))
              .withEntries(entry(1, "c4"))
              .follower();
      assertThat(peer.commitIndex()).isEqualTo(3);
      assertThat(peer.status().lastApplied()).isEqualTo(index(3));
      assertThat(peer.lastIndex()).isEqualTo(4);
      peer.hears(append(1, P2, at(1, 4), 4));
      assertThat(peer.status().lastApplied()).isEqualTo(index(4));
    }

    @Test
    @DisplayName("what the log holds of it is not applied again")
    void notAgain() {
      var peer =
          given()
              .inTerm(1)
              .with(OFTEN)
              .withSnapshot(meta, state("c1,c2,c3"), at(1, 1))
              .withEntries(entry(1, "c2"), entry(1, "c3"), entry(1, "c4"))
              .follower();
      assertThat(peer.status().firstIndex()).isEqualTo(index(2));
      commits(peer, 5, 6);
      assertThat(peer.wantsWritten(Take.class))
          .extracting(take -> take.state().machine())
          .containsExactly("c1,c2,c3,c4,c5,c6");
    }
  }
}
