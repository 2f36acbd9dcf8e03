package io.pekkoraft.testkit;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Birth;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionEntry;
import io.pekkoraft.session.SessionId;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotReceiver;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import io.pekkoraft.snapshot.SnapshotTransfer;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.PeerBorn;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What each oracle is there to see, shown to it. */
final class OracleTrials {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");

  private OracleTrials() {}

  /** By the rule that is broken: what the oracles say. */
  static Map<String, Supplier<String>> all() {
    var trials = new LinkedHashMap<String, Supplier<String>>();
    trials.put(
        "Election Safety",
        trial(
            oracles -> {
              oracles.said(P1, P2, append(P1, 2, LogPosition.ORIGIN));
              oracles.said(P3, P2, append(P3, 2, LogPosition.ORIGIN));
            }));
    trials.put(
        "one vote a term",
        trial(
            oracles -> {
              oracles.synced(P1, new VoteCast(Term.of(1), P2));
              oracles.said(P1, P2, new VoteReply(P1, Term.of(1), true, Incarnation.of(1)));
              oracles.synced(P1, new VoteCast(Term.of(1), P3));
              oracles.said(P1, P3, new VoteReply(P1, Term.of(1), true, Incarnation.of(1)));
            }));
    trials.put(
        "a vote leaves when it is durable",
        trial(
            oracles ->
                oracles.said(P1, P2, new VoteReply(P1, Term.of(1), true, Incarnation.of(1)))));
    trials.put(
        "a candidate's own vote is durable",
        trial(
            oracles ->
                oracles.said(P1, P2, new RequestVote(P1, Term.of(1), LogPosition.ORIGIN, false))));
    trials.put(
        "an acknowledgement leaves when it is durable",
        trial(
            oracles ->
                oracles.said(
                    P1,
                    P2,
                    new AppendAccepted(P1, Term.of(1), LogIndex.of(1), 0, Incarnation.of(1)))));
    trials.put(
        "an installed snapshot is durable",
        trial(
            oracles -> {
              var meta = new SnapshotMeta(LogPosition.of(1, 5), Bytes.EMPTY, 0, 0);
              var question = new Slice(new SnapshotTransfer(Term.of(1), 1), 0, 0, 0);
              var chunk = SnapshotChunk.of(meta, question, Bytes.EMPTY);
              oracles.said(P2, P1, new InstallSnapshot(P2, Term.of(1), chunk));
              oracles.said(
                  P1,
                  P2,
                  new InstallSnapshotReply(
                      P1, Term.of(1), SnapshotReceiver.hasIt(chunk), Incarnation.of(1)));
            }));
    trials.put(
        "nothing is promised in an older term",
        trial(
            oracles -> {
              oracles.said(P1, P2, append(P1, 2, LogPosition.ORIGIN));
              oracles.said(
                  P1, P2, new AppendAccepted(P1, Term.of(1), LogIndex.ZERO, 0, Incarnation.of(1)));
            }));
    trials.put(
        "terms, commit and applied index never go back",
        trial(
            oracles -> {
              oracles.reported(status(2, 2));
              oracles.reported(status(2, 1));
            }));
    trials.put(
        "a log holds what was asked for",
        trial(oracles -> oracles.synced(P1, appended(1, Entry.noOp(Term.of(1))))));
    trials.put(
        "Leader Completeness",
        trial(
            oracles -> {
              oracles.said(P1, P2, append(P1, 1, LogPosition.ORIGIN));
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
              oracles.said(P3, P2, append(P3, 3, LogPosition.of(2, 1)));
            }));
    trials.put(
        "Log Matching",
        trial(
            oracles -> {
              oracles.synced(P1, appended(1, Entry.noOp(Term.of(1))));
              oracles.synced(P1, appended(2, Entry.noOp(Term.of(3))));
              oracles.synced(P2, appended(1, Entry.noOp(Term.of(2))));
              oracles.synced(P2, appended(2, Entry.noOp(Term.of(3))));
            }));
    trials.put(
        "a log has no holes",
        trial(oracles -> oracles.synced(P1, appended(2, Entry.noOp(Term.of(1))))));
    trials.put(
        "nothing that is committed is truncated",
        trial(
            oracles -> {
              oracles.synced(P1, appended(1, Entry.noOp(Term.of(1))));
              oracles.applied(P2, LogIndex.of(1), Term.of(1), "x");
              oracles.synced(P1, new LogTruncated(LogIndex.of(1)));
            }));
    trials.put(
        "terms never go back",
        trial(
            oracles -> {
              oracles.synced(P1, new TermStarted(Term.of(2)));
              oracles.synced(P1, new TermStarted(Term.of(1)));
            }));
    trials.put(
        "the commit index never goes back",
        trial(
            oracles -> {
              oracles.said(P1, P2, committed(5));
              oracles.said(P1, P2, committed(4));
            }));
    trials.put(
        "State Machine Safety",
        trial(
            oracles -> {
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
              oracles.applied(P2, LogIndex.of(1), Term.of(1), "y");
            }));
    trials.put(
        "what is committed is on the disks of a majority",
        trial(
            oracles -> {
              oracles.synced(P1, appended(1, Entry.noOp(Term.of(1))));
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
            }));
    trials.put(
        "no entry is left out",
        trial(
            oracles -> {
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
              oracles.applied(P1, LogIndex.of(2), Term.of(1), "y");
              oracles.applied(P2, LogIndex.of(2), Term.of(1), "y");
            }));
    trials.put(
        "no entry is left out: p2 went past 1",
        trial(
            oracles -> {
              oracles.applied(P2, LogIndex.of(2), Term.of(1), "y");
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
            }));
    trials.put(
        "a numbered command takes effect once",
        trial(
            oracles -> {
              var number = new SerialNumber(SessionId.of(1), 1, 1);
              var command = new SessionEntry.Command(number, 0, Bytes.EMPTY).in(Term.of(1));
              oracles.synced(P1, appended(1, command));
              oracles.synced(P1, appended(2, command));
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
              oracles.applied(P1, LogIndex.of(2), Term.of(1), "x");
            }));
    trials.put(
        "each entry is applied once",
        trial(
            oracles -> {
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
            }));
    trials.putAll(configurations());
    return trials;
  }

  /** About who decides (§6). */
  private static Map<String, Supplier<String>> configurations() {
    var joint =
        new Configuration(PeerId.setOf("p4"), PeerId.setOf("p1", "p2", "p3"), PeerId.setOf());
    var trials = new LinkedHashMap<String, Supplier<String>>();
    trials.put(
        "a configuration may follow the one before it",
        trial(oracles -> oracles.synced(P1, appended(1, configuration(1, joint.leaveJoint())))));
    trials.put(
        "one change at a time",
        trial(
            oracles -> {
              oracles.said(P1, P2, begins(1, 1, joint, 0));
              oracles.said(P1, P2, begins(1, 2, joint.leaveJoint(), 0));
            }));
    trials.put(
        "no change before an entry of the own term is committed",
        trial(
            oracles -> {
              oracles.heard(leads(P1, 1));
              oracles.said(P1, P2, begins(1, 1, joint, 0));
            }));
    trials.put(
        "a leader is elected by a majority of the configuration in its log",
        trial(
            oracles -> {
              oracles.synced(P1, appended(1, configuration(1, joint)));
              votes(oracles, P1, P1);
              votes(oracles, P2, P1);
              oracles.heard(leads(P1, 2));
            }));
    trials.put(
        "of a majority: 1@1 is on those of [p1, p2]",
        trial(
            oracles -> {
              oracles.synced(P1, appended(1, configuration(1, joint)));
              oracles.synced(P2, appended(1, configuration(1, joint)));
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
            }));
    trials.put(
        "of a majority: 1@1 is on those of [p1, p3]",
        trial(
            oracles -> {
              var met = Configuration.of(List.of(P1, P2, P3)).having(Map.of(P3, Incarnation.of(3)));
              oracles.synced(P3, new PeerBorn(new Birth(Incarnation.of(33), Configuration.NONE)));
              oracles.synced(P1, appended(1, configuration(1, met)));
              oracles.synced(P3, appended(1, configuration(1, met)));
              oracles.applied(P1, LogIndex.of(1), Term.of(1), "x");
            }));
    return trials;
  }

  private static Entry configuration(long term, Configuration configuration) {
    return Entry.configuration(Term.of(term), ConfigurationFormat.encode(configuration));
  }

  private static AppendEntries begins(
      long term, long index, Configuration configuration, long committed) {
    return new AppendEntries(
        P1,
        Term.of(term),
        LogPosition.of(index == 1 ? 0 : term, index - 1),
        Batch.of(configuration(term, configuration)),
        LogIndex.of(committed),
        0);
  }

  private static void votes(Oracles oracles, PeerId voter, PeerId candidate) {
    oracles.synced(voter, new VoteCast(Term.of(2), candidate));
    if (!voter.equals(candidate)) {
      oracles.said(voter, candidate, new VoteReply(voter, Term.of(2), true, Incarnation.of(1)));
    }
  }

  private static RaftEvent leads(PeerId peer, long term) {
    return new RaftEvent.RoleChanged(
        "trial", peer, RaftStatus.Role.LEADER, Term.of(term), Optional.of(peer));
  }

  /** What looks like a cut of something committed and is none: the cut is of an older term. */
  static Supplier<String> lateCut() {
    return trial(
        oracles -> {
          for (var i = 0; i < 3; i++) {
            oracles.asked();
          }
          for (var peer : List.of(P1, P2, P3)) {
            oracles.synced(peer, appended(1, Entry.noOp(Term.of(1))));
          }
          oracles.said(P3, P2, append(P3, 3, LogPosition.of(1, 1)));
          oracles.applied(P2, LogIndex.of(1), Term.of(1), "x");
          oracles.synced(P1, new TermStarted(Term.of(2)));
          oracles.synced(P1, new LogTruncated(LogIndex.of(1)));
        });
  }

  private static Supplier<String> trial(Consumer<Oracles> story) {
    return () -> {
      var violations = new ArrayList<String>();
      story.accept(
          new Oracles(
              Configuration.of(List.of(P1, P2, P3)),
              violation -> violations.add(violation.getMessage()),
              new Coverage()));
      return String.join("; ", violations);
    };
  }

  private static AppendEntries append(PeerId from, long term, LogPosition previous) {
    return new AppendEntries(from, Term.of(term), previous, Batch.EMPTY, LogIndex.ZERO, 0);
  }

  private static RaftStatus status(long term, long commit) {
    return new RaftStatus(
        P1,
        "trial",
        RaftStatus.Role.FOLLOWER,
        Term.of(term),
        Optional.empty(),
        Optional.empty(),
        LogIndex.of(commit),
        LogIndex.ZERO,
        LogIndex.of(1),
        LogIndex.of(9),
        Collections.emptySortedMap(),
        VersionedConfiguration.bootstrap(Configuration.NONE),
        false,
        false);
  }

  private static AppendEntries committed(long index) {
    return new AppendEntries(
        P1, Term.of(1), LogPosition.ORIGIN, Batch.EMPTY, LogIndex.of(index), 0);
  }

  private static EntriesAppended appended(long first, Entry entry) {
    return new EntriesAppended(LogIndex.of(first), Batch.of(entry));
  }
}
