package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.entries;
import static io.pekkoraft.role.PeerUnderTest.entry;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static io.pekkoraft.role.SnapshotWords.answer;
import static io.pekkoraft.role.SnapshotWords.bytes;
import static io.pekkoraft.role.SnapshotWords.index;
import static io.pekkoraft.role.SnapshotWords.piece;
import static io.pekkoraft.role.SnapshotWords.question;
import static io.pekkoraft.role.SnapshotWords.snapshot;
import static io.pekkoraft.role.SnapshotWords.state;
import static io.pekkoraft.role.SnapshotWords.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import io.pekkoraft.protocol.SnapshotWork.Appended;
import io.pekkoraft.protocol.SnapshotWork.NotReceived;
import io.pekkoraft.protocol.SnapshotWork.Opened;
import io.pekkoraft.protocol.SnapshotWork.Received;
import io.pekkoraft.snapshot.SnapshotAnswer;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.SnapshotWriter.Append;
import io.pekkoraft.storage.SnapshotWriter.Finish;
import io.pekkoraft.storage.SnapshotWriter.Open;
import io.pekkoraft.storage.SnapshotWriter.Retain;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a follower takes in the snapshot of its leader, p2 in term 2 (§7, Figure 13). */
class FollowerInstallTest {
  private static final String CONTENT = "a,b,c,d";
  private static final SnapshotMeta META = snapshot(2, 5, CONTENT);

  private static InstallSnapshotReply reply(SnapshotAnswer answer) {
    return new InstallSnapshotReply(P1, Term.of(2), answer, incarnationOf(P1));
  }

  private static InstallSnapshotReply taken(long accepted, long written) {
    return reply(answer(transfer(2, 1), accepted, written, Verdict.TAKEN));
  }

  private static InstallSnapshotReply installed() {
    return reply(answer(transfer(2, 1), CONTENT.length(), CONTENT.length(), Verdict.INSTALLED));
  }

  /** Asks, sends all of it, and lets the file be complete; returns the number of the attempt. */
  private static long receivesAll(PeerUnderTest follower) {
    follower.hears(question(2, META));
    var attempt = follower.wantsWritten(Open.class).get(0).attempt();
    follower.hears(new Opened(attempt, 0), piece(2, META, 0, CONTENT));
    follower.hears(new Appended(attempt, CONTENT.length()));
    follower.forgetsWhatItSaid();
    return attempt;
  }

  private static Received received(long attempt) {
    return new Received(attempt, META, state(CONTENT));
  }

  private static PeerUnderTest installs(PeerUnderTest follower) {
    follower.hears(received(receivesAll(follower)));
    return follower;
  }

  private static List<Compacted> compacted(PeerUnderTest peer) {
    return peer.written().stream()
        .filter(Compacted.class::isInstance)
        .map(Compacted.class::cast)
        .toList();
  }

  @Nested
  @DisplayName("Receiving")
  class Receiving {
    @Test
    @DisplayName("tells each tenth of the way, and nothing in between")
    void tellsProgress() {
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, META));
      var attempt = follower.wantsWritten(Open.class).get(0).attempt();
      follower.hears(new Opened(attempt, 0), new Appended(attempt, 0), new Appended(attempt, 2));
      follower.hears(new Appended(attempt, 2), new Appended(attempt, CONTENT.length()));
      assertThat(
              follower.events().stream()
                  .filter(RaftEvent.SnapshotReceived.class::isInstance)
                  .map(event -> ((RaftEvent.SnapshotReceived) event).percent()))
          .containsExactly(20, 100);
    }

    @Test
    @DisplayName("a question opens a file, and its length is the answer")
    void opensAFile() {
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, META));
      follower.saysNothing();
      var open = follower.wantsWritten(Open.class).get(0);
      assertThat(open.meta()).isEqualTo(META);
      follower.hears(new Opened(open.attempt(), 3));
      follower.says(P2, taken(3, 3));
    }

    @Test
    @DisplayName("each piece is written where it belongs, and answered when it is")
    void pieces() {
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, META));
      var attempt = follower.wantsWritten(Open.class).get(0).attempt();
      follower.hears(new Opened(attempt, 0));
      follower.forgetsWhatItSaid();
      follower.hears(piece(2, META, 0, "a,b"), piece(2, META, 3, ",c"));
      assertThat(follower.wantsWritten())
          .containsExactly(
              new Append(attempt, 0, bytes("a,b")), new Append(attempt, 3, bytes(",c")));
      follower.saysNothing();
      follower.hears(new Appended(attempt, 3));
      follower.says(P2, taken(5, 3));
    }

    @Test
    @DisplayName("a piece that is damaged, doubled, or behind a gap is not written")
    void notWritten() {
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, META));
      var attempt = follower.wantsWritten(Open.class).get(0).attempt();
      follower.hears(new Opened(attempt, 0), piece(2, META, 0, "a,b"));
      follower.wantsWritten();
      follower.hears(piece(2, META, 0, "a,b"), piece(2, META, 5, ",d"));
      var sound = piece(2, META, 3, ",c").chunk();
      follower.hears(
          new InstallSnapshot(
              P2,
              follower.term(),
              new SnapshotChunk(sound.transfer(), META, 0, 3, bytes(",x"), sound.checksum())));
      assertThat(follower.wantsWritten()).isEmpty();
    }

    @Test
    @DisplayName("a piece of an older transfer changes nothing")
    void late() {
      var follower = given().inTerm(2).follower();
      follower.hears(piece(transfer(2, 2), META, 0, ""));
      follower.wantsWritten();
      follower.hears(piece(transfer(2, 1), snapshot(2, 4, "old"), 0, ""));
      assertThat(follower.wantsWritten()).isEmpty();
    }

    @Test
    @DisplayName("news of an attempt that was given up changes nothing")
    void foreignAttempt() {
      var follower = given().inTerm(2).follower();
      var attempt = receivesAll(follower);
      var newer = snapshot(2, 9, "newer");
      follower.hears(piece(transfer(2, 2), newer, 0, ""));
      follower.wantsWritten();
      follower.hears(received(attempt));
      follower.saysNothing();
      assertThat(follower.status().lastApplied()).isEqualTo(index(0));
      assertThat(follower.written()).isEmpty();
    }

    @Test
    @DisplayName("what a disk refuses is told, and the next piece begins anew")
    void failed() {
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, META));
      var first = follower.wantsWritten(Open.class).get(0).attempt();
      follower.hears(new NotReceived(first, "on purpose"));
      follower.saysNothing();
      assertThat(follower.events()).hasAtLeastOneElementOfType(RaftEvent.SnapshotFailed.class);
      assertThat(follower.wantsWritten()).containsExactly(new Retain(List.of()));
      follower.hears(question(2, META));
      assertThat(follower.wantsWritten(Open.class)).hasSize(1);
    }

    @Test
    @DisplayName("each piece keeps the follower quiet")
    void keepsQuiet() {
      var follower = given().inTerm(2).follower();
      for (var i = 0; i < 4; i++) {
        follower.passes(Duration.ofMillis(149));
        follower.hears(question(2, META), new ElectionTimeout());
      }
      assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
      assertThat(follower.status().leader()).contains(P2);
    }
  }

  @Nested
  @DisplayName("Installing")
  class Installing {
    @Test
    @DisplayName("until all of it is there and was read, the follower is what it was")
    void nothingBefore() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1).follower();
      follower.hears(append(2, P2, at(1, 2), 2));
      var attempt = receivesAll(follower);
      assertThat(follower.wantsWritten(Finish.class)).containsExactly(new Finish(attempt));
      assertThat(follower.status().lastApplied()).isEqualTo(index(2));
      assertThat(follower.lastIndex()).isEqualTo(2);
      assertThat(follower.written()).isEmpty();
    }

    @Test
    @DisplayName("then all of it changes at once: state, log, commit index and configuration")
    void allAtOnce() {
      var configuration = new VersionedConfiguration(index(4), Configuration.of(List.of(P1, P2)));
      var meta = snapshot(2, 5, CONTENT, configuration);
      var follower = given().inTerm(2).follower();
      follower.hears(question(2, meta));
      var attempt = follower.wantsWritten(Open.class).get(0).attempt();
      follower.hears(new Opened(attempt, CONTENT.length()));
      follower.forgetsWhatItSaid();
      follower.hears(new Received(attempt, meta, state(CONTENT)));
      var status = follower.status();
      assertThat(status.lastApplied()).isEqualTo(index(5));
      assertThat(status.commitIndex()).isEqualTo(index(5));
      assertThat(status.firstIndex()).isEqualTo(index(6));
      assertThat(status.lastIndex()).isEqualTo(index(5));
      assertThat(status.configuration()).isEqualTo(configuration);
      assertThat(compacted(follower)).extracting(Compacted::snapshot).containsExactly(meta);
      assertThat(compacted(follower)).extracting(Compacted::base).containsExactly(at(2, 5));
      var read = follower.hearsRead("?", ReadConsistency.atLeast(index(5)));
      assertThat(read.receiveMessage().getValue()).isEqualTo(CONTENT);
    }

    @Test
    @DisplayName("it is acknowledged when the journal points at it, and not before")
    void whenDurable() {
      var follower = given().inTerm(2).follower();
      var attempt = receivesAll(follower);
      follower.diskHangs();
      follower.hears(received(attempt));
      follower.saysNothing();
      assertThat(follower.wantsWritten(Retain.class)).isEmpty();
      follower.diskRecovers();
      follower.says(P2, installed());
      assertThat(follower.wantsWritten(Retain.class))
          .containsExactly(new Retain(List.of(META.id())));
    }

    @Test
    @DisplayName("until then no round is answered either: the disk may hold another leader's log")
    void roundsWait() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1, 1, 1, 1, 1).follower();
      var attempt = receivesAll(follower);
      follower.diskHangs();
      follower.hears(received(attempt), append(2, P2, at(2, 5), 5, entry(2, "e")));
      follower.saysNothing();
      follower.diskRecovers();
      assertThat(follower.said()).hasSize(2);
    }

    @Test
    @DisplayName("trap 29: a log that is another leader's from there on is gone")
    void conflictingTail() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1, 1, 1, 1, 1, 1).follower();
      installs(follower);
      assertThat(follower.lastIndex()).isEqualTo(5);
      assertThat(follower.status().firstIndex()).isEqualTo(index(6));
      assertThat(follower.written().get(0)).isEqualTo(new LogTruncated(index(6)));
      assertThat(compacted(follower)).hasSize(1);
    }

    @Test
    @DisplayName("trap 29: a tail that follows the snapshot's last entry stays")
    void agreeingTail() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1, 1, 1, 2, 2, 2).follower();
      installs(follower);
      assertThat(follower.lastIndex()).isEqualTo(7);
      assertThat(follower.commitIndex()).isEqualTo(5);
      assertThat(follower.written()).doesNotHaveAnyElementsOfTypes(LogTruncated.class);
    }

    @Test
    @DisplayName("the log goes on after it")
    void goesOn() {
      var follower = installs(given().inTerm(2).follower());
      follower.forgetsWhatItSaid();
      follower.hears(append(2, P2, at(2, 5), 6, entry(2, "e")));
      assertThat(follower.status().lastApplied()).isEqualTo(index(6));
      var read = follower.hearsRead("?", ReadConsistency.atLeast(index(6)));
      assertThat(read.receiveMessage().getValue()).isEqualTo(CONTENT + ",e");
    }

    @Test
    @DisplayName("reads that waited for what it includes are answered")
    void answersReads() {
      var follower = given().inTerm(2).follower();
      follower.hears(append(2, P2, at(0, 0)));
      var read = follower.hearsRead("?", ReadConsistency.follower());
      var question = follower.said(AskReadIndex.class).get(0).number();
      follower.hears(new ReadIndexAnswer(P2, Term.of(2), question, index(5)));
      assertThat(read.hasMessages()).isFalse();
      installs(follower);
      assertThat(read.receiveMessage().getValue()).isEqualTo(CONTENT);
    }

    @Test
    @DisplayName("once: who hears the last piece again says that it has it, when that is on disk")
    void once() {
      var follower = given().inTerm(2).follower();
      var attempt = receivesAll(follower);
      follower.diskHangs();
      follower.hears(received(attempt));
      follower.wantsWritten();
      follower.hears(piece(2, META, 0, CONTENT));
      follower.saysNothing();
      assertThat(follower.wantsWritten()).isEmpty();
      follower.diskRecovers();
      follower.says(P2, installed(), installed());
      assertThat(compacted(follower)).hasSize(1);
    }

    @Test
    @DisplayName("who has everything that it includes says so, and writes nothing")
    void hasIt() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1, 1, 1, 2).follower();
      follower.hears(append(2, P2, at(2, 5), 5));
      follower.forgetsWhatItSaid();
      follower.hears(question(2, META));
      follower.says(P2, installed());
      assertThat(follower.wantsWritten()).isEmpty();
      assertThat(follower.status().firstIndex()).isEqualTo(index(1));
    }

    @Test
    @DisplayName("trap 30: if the log came as far meanwhile, the state does not go back")
    void overtaken() {
      var follower = given().inTerm(2).follower();
      var attempt = receivesAll(follower);
      follower.hears(append(2, P2, at(0, 0), 6, entries(1, 1, 1, 1, 2, 2).toArray(Entry[]::new)));
      follower.forgetsWhatItSaid();
      follower.hears(received(attempt));
      assertThat(follower.status().lastApplied()).isEqualTo(index(6));
      assertThat(follower.status().firstIndex()).isEqualTo(index(1));
      assertThat(follower.written()).isEmpty();
      follower.says(P2, installed());
    }
  }

  @Nested
  @DisplayName("Terms and roles")
  class Roles {
    @Test
    @DisplayName("a piece of an older term is ignored")
    void olderTerm() {
      var follower = given().inTerm(3).follower();
      follower.hears(question(2, META));
      assertThat(follower.wantsWritten()).isEmpty();
      assertThat(follower.status().leader()).isEmpty();
    }

    @Test
    @DisplayName("§5.2 a candidate that hears one of its own term follows, and takes it")
    void candidate() {
      var candidate = given().inTerm(1).candidate();
      candidate.hears(question(2, META));
      assertThat(candidate.role()).isEqualTo(Role.FOLLOWER);
      assertThat(candidate.status().leader()).contains(P2);
      assertThat(candidate.wantsWritten(Open.class)).hasSize(1);
    }

    @Test
    @DisplayName("§5.2 so does one that only asked whether it could win")
    void preCandidate() {
      var peer = given().inTerm(2).preCandidate();
      peer.hears(question(2, META));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      assertThat(peer.wantsWritten(Open.class)).hasSize(1);
    }

    @Test
    @DisplayName("§5.1 a leader that hears one of a newer term follows, and takes it")
    void leader() {
      var leader = given().leader();
      leader.hears(question(2, META));
      assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
      assertThat(leader.term().value()).isEqualTo(2);
      assertThat(leader.wantsWritten(Open.class)).hasSize(1);
    }

    @Test
    @DisplayName("what was received under another leader is not put into effect by its old news")
    void newRole() {
      var follower = given().inTerm(2).follower();
      var attempt = receivesAll(follower);
      follower.hearsNothing();
      follower.forgetsWhatItSaid();
      follower.hears(received(attempt));
      assertThat(follower.status().lastApplied()).isEqualTo(index(0));
      assertThat(follower.written()).isEmpty();
    }
  }
}
