package io.pekkoraft.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.apply.TextCodec;
import io.pekkoraft.membership.Birth;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import io.pekkoraft.protocol.SelfMessage.HeartbeatTick;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.protocol.SelfMessage.Stored;
import io.pekkoraft.protocol.SnapshotWork.Loaded;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import io.pekkoraft.storage.RaftStore;
import io.pekkoraft.storage.SnapshotReader;
import io.pekkoraft.storage.SnapshotWriter;
import io.pekkoraft.storage.StoreEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * One peer, p1, alone with its test: given, heard, said. Its clock stands still until it is moved,
 * its disk is fast unless it hangs, and what it says to others is kept to be looked at.
 */
final class PeerUnderTest {
  static final PeerId P1 = PeerId.of("p1");
  static final PeerId P2 = PeerId.of("p2");
  static final PeerId P3 = PeerId.of("p3");
  static final PeerId P4 = PeerId.of("p4");
  static final PeerId P5 = PeerId.of("p5");

  private final List<Said> said = new ArrayList<>();
  private final List<Said> saidSoon = new ArrayList<>();
  private final List<StoreEvent> written = new ArrayList<>();
  private final List<RaftEvent> events = new ArrayList<>();
  private final BehaviorTestKit<RaftMessage> kit;
  private final List<RaftStore.Write> hanging = new ArrayList<>();
  private Runnable whenItLeaves = () -> {};
  private boolean diskHangs;
  private long now = 1_000_000_000L;

  /** What the peer said to another. */
  record Said(PeerId to, PeerMessage message) {}

  /** What p1 recovers from its journal, and who its group is. */
  static final class Given {
    private Term term = Term.ZERO;
    private Optional<PeerId> vote = Optional.empty();
    private List<Entry> log = List.of();
    private List<PeerId> peers = List.of(P1, P2, P3);
    private Optional<Configuration> founded = Optional.empty();
    private Optional<Loaded> snapshot = Optional.empty();
    private LogPosition base = LogPosition.ORIGIN;
    private String settings = "";
    private boolean strangers;

    Given inTerm(long value) {
      term = Term.of(value);
      return this;
    }

    Given havingVotedFor(PeerId candidate) {
      vote = Optional.of(candidate);
      return this;
    }

    Given withEntriesOfTerms(long... terms) {
      log = entries(terms);
      return this;
    }

    Given withEntries(Entry... entries) {
      log = List.of(entries);
      return this;
    }

    /** The entries that are given come after {@code base}. */
    Given withSnapshot(SnapshotMeta meta, State state, LogPosition base) {
      this.snapshot = Optional.of(new Loaded(meta, state));
      this.base = base;
      return this;
    }

    Given ofPeers(int count) {
      peers = List.of(P1, P2, P3, P4, P5).subList(0, count);
      return this;
    }

    /** Instead of the founders' configuration; all of its peers know each other. */
    Given in(Configuration configuration) {
      founded = Optional.of(configuration);
      return this;
    }

    /** The group was just founded: nobody was met yet. */
    Given amongStrangers() {
      strangers = true;
      return this;
    }

    /** The group has settled: everybody was met, if nobody says otherwise. */
    private Birth birth() {
      var incarnations = new TreeMap<PeerId, Incarnation>();
      var configuration = founded.orElseGet(() -> Configuration.of(peers));
      if (strangers) {
        return new Birth(incarnationOf(P1), configuration);
      }
      configuration.peers().forEach(id -> incarnations.put(id, incarnationOf(id)));
      return new Birth(incarnationOf(P1), configuration.having(incarnations));
    }

    Given with(String config) {
      settings = config;
      return this;
    }

    PeerUnderTest follower() {
      return new PeerUnderTest(this);
    }

    PeerUnderTest preCandidate() {
      var peer = follower();
      peer.hearsNothing();
      peer.forgetsWhatItSaid();
      return peer;
    }

    /** In the term after the given one. */
    PeerUnderTest candidate() {
      var peer = follower();
      peer.hearsNothing();
      peer.wouldWin();
      peer.forgetsWhatItSaid();
      return peer;
    }

    /** Of the term after the given one; its no-op stands after the given entries. */
    PeerUnderTest leader() {
      var peer = candidate();
      peer.wins();
      peer.forgetsWhatItSaid();
      return peer;
    }
  }

  /** Under which a peer is known to the others. */
  static Incarnation incarnationOf(PeerId id) {
    return Incarnation.of(id.hashCode());
  }

  static Given given() {
    return new Given();
  }

  private PeerUnderTest(Given given) {
    var settings =
        RaftSettings.create(
            ConfigFactory.parseString(given.settings)
                .withFallback(ConfigFactory.load("in-memory.conf").getConfig("pekko-raft")));
    var network =
        new PeerNetwork() {
          @Override
          public void join(ActorRef<RaftMessage> self) {}

          @Override
          public void leave() {
            whenItLeaves.run();
          }

          @Override
          public void send(PeerId to, PeerMessage message) {
            said.add(new Said(to, message));
          }

          @Override
          public void sendSoon(PeerId to, PeerMessage message) {
            send(to, message);
            saidSoon.add(new Said(to, message));
          }
        };
    Behavior<RaftStore.Command> store = Behaviors.ignore();
    kit =
        BehaviorTestKit.create(
            Recovering.create(
                new PeerSetup(
                    "group",
                    P1,
                    Configuration.of(given.peers),
                    settings,
                    new Joining(),
                    new TextCodec(),
                    new TextFormat(),
                    store,
                    new Environment(
                        network, () -> now, new Random(1), PeerUnderTest::noPlace, events::add))));
    store().getAllReceived();
    hears(
        new Recovered(
            given.term,
            given.vote,
            given.snapshot.map(Loaded::meta),
            given.base,
            given.log,
            Optional.of(given.birth())));
    given.snapshot.ifPresent(this::hears);
    wantsWritten();
    forgetsWhatItSaid();
  }

  /** The children that would need one only listen here. */
  private static SnapshotStore noPlace() {
    throw new UnsupportedOperationException("nobody writes here");
  }

  /** A state as its characters; one that has molten can't be frozen. */
  private static final class TextFormat implements SnapshotFormat<String> {
    @Override
    public String freeze(String state) {
      if (state.endsWith("melt")) {
        throw new UnsupportedOperationException("on purpose");
      }
      return state;
    }

    @Override
    public void write(String state, OutputStream out) throws IOException {
      out.write(state.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String read(InputStream in) throws IOException {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Joins its commands with commas; the command "?" only looks, "!" throws. */
  private static final class Joining extends StateMachine<String, String, String> {
    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<String, String, String> commandHandler() {
      return (context, state, command) -> {
        if (command.equals("?")) {
          return Effect().reply(state);
        }
        if (command.equals("!")) {
          throw new UnsupportedOperationException("on purpose");
        }
        if (command.equals("null")) {
          return null;
        }
        if (command.equals("overflow")) {
          throw new StackOverflowError("on purpose");
        }
        var next = state.isEmpty() ? command : state + "," + command;
        return Effect().set(next).thenReply(next);
      };
    }
  }

  static Entry entry(long term, String command) {
    return Entry.command(Term.of(term), Bytes.wrap(command.getBytes(StandardCharsets.UTF_8)));
  }

  static List<Entry> entries(long... terms) {
    var entries = new ArrayList<Entry>();
    for (var term : terms) {
      entries.add(entry(term, "c" + (entries.size() + 1)));
    }
    return entries;
  }

  // What it hears.

  void hears(RaftMessage... messages) {
    for (var message : messages) {
      kit.run(message);
    }
    settle();
  }

  /** All that the peer says to itself, and, unless the disk hangs, what its store confirms. */
  private void settle() {
    while (true) {
      for (var command : store().getAllReceived()) {
        if (command instanceof RaftStore.Write write) {
          hanging.add(write);
        }
      }
      if (!diskHangs && !hanging.isEmpty()) {
        finishOneWrite();
      } else if (kit.selfInbox().hasMessages()) {
        kit.run(kit.selfInbox().receiveMessage());
      } else {
        return;
      }
    }
  }

  private void finishOneWrite() {
    var write = hanging.remove(0);
    written.addAll(write.events());
    kit.run(new Stored(write.staged()));
  }

  private TestInbox<RaftStore.Command> store() {
    return kit.childInbox("store");
  }

  /** What it wants done with files of snapshots, since it was last asked. */
  List<SnapshotWriter.Command> wantsWritten() {
    return kit.<SnapshotWriter.Command>childInbox("snapshots").getAllReceived();
  }

  <W extends SnapshotWriter.Command> List<W> wantsWritten(Class<W> type) {
    return wantsWritten().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** What it wants read of them, since it was last asked. */
  List<SnapshotReader.Command> wantsRead() {
    return kit.<SnapshotReader.Command>childInbox("snapshot-reader").getAllReceived();
  }

  <R extends SnapshotReader.Command> List<R> wantsRead(Class<R> type) {
    return wantsRead().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Lets the longest election time-out pass without a word. */
  void hearsNothing() {
    passes(Duration.ofMillis(301));
    hears(new ElectionTimeout());
  }

  void passes(Duration duration) {
    now += duration.toNanos();
  }

  void heartbeats() {
    hears(new HeartbeatTick());
  }

  void wouldWin() {
    for (var voter : List.of(P2, P3, P4, P5)) {
      if (role() == RaftStatus.Role.PRE_CANDIDATE) {
        hears(new PreVoteReply(voter, term(), term(), true, incarnationOf(voter)));
      }
    }
  }

  void wins() {
    for (var voter : List.of(P2, P3, P4, P5)) {
      if (role() == RaftStatus.Role.CANDIDATE) {
        hears(new VoteReply(voter, term(), true, incarnationOf(voter)));
      }
    }
  }

  void whenItLeaves(Runnable action) {
    whenItLeaves = action;
  }

  void diskHangs() {
    diskHangs = true;
  }

  void diskRecovers() {
    diskHangs = false;
    settle();
  }

  /** Of the writes that hang, the first is done. */
  void diskFinishesOneWrite() {
    finishOneWrite();
    settle();
  }

  TestInbox<StatusReply<String>> hearsProposal(String command) {
    var inbox = TestInbox.<StatusReply<String>>create();
    hears(new Propose<>(command, inbox.getRef()));
    return inbox;
  }

  TestInbox<StatusReply<String>> hearsRead(String query) {
    var inbox = TestInbox.<StatusReply<String>>create();
    hears(new Read<>(query, inbox.getRef()));
    return inbox;
  }

  TestInbox<StatusReply<String>> hearsRead(String query, ReadConsistency consistency) {
    var inbox = TestInbox.<StatusReply<String>>create();
    hears(new Read<>(query, consistency, inbox.getRef()));
    return inbox;
  }

  static AppendEntries append(long term, PeerId leader, LogPosition previous, Entry... entries) {
    return append(term, leader, previous, 0, entries);
  }

  static AppendEntries append(
      long term, PeerId leader, LogPosition previous, long committed, Entry... entries) {
    return new AppendEntries(
        leader,
        Term.of(term),
        previous,
        Batch.pack(Arrays.asList(entries)),
        LogIndex.of(committed),
        0);
  }

  static LogPosition at(long term, long index) {
    return LogPosition.of(term, index);
  }

  // What it says and is.

  void forgetsWhatItSaid() {
    said.clear();
    saidSoon.clear();
    written.clear();
  }

  List<Said> said() {
    return said;
  }

  /** To whom it said something that may wait for what others say. */
  List<PeerId> saidSoonTo() {
    return saidSoon.stream().map(Said::to).toList();
  }

  /** In whichever round. */
  void says(PeerId to, PeerMessage... messages) {
    assertThat(
            said.stream()
                .filter(s -> s.to().equals(to))
                .map(Said::message)
                .map(PeerUnderTest::inRoundZero))
        .containsExactly(messages);
    said.removeIf(s -> s.to().equals(to));
  }

  private static PeerMessage inRoundZero(PeerMessage message) {
    return message instanceof AppendEntries append
        ? new AppendEntries(
            append.from(),
            append.term(),
            append.previous(),
            append.entries(),
            append.committed(),
            0)
        : message;
  }

  void saysNothing() {
    assertThat(said).isEmpty();
  }

  <M extends PeerMessage> List<M> said(Class<M> type) {
    return said.stream().map(Said::message).filter(type::isInstance).map(type::cast).toList();
  }

  <M extends PeerMessage> List<M> saidTo(PeerId to, Class<M> type) {
    return said.stream()
        .filter(s -> s.to().equals(to))
        .map(Said::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  List<StoreEvent> written() {
    return written;
  }

  List<RaftEvent> events() {
    return events;
  }

  BehaviorTestKit<RaftMessage> kit() {
    return kit;
  }

  RaftStatus status() {
    var inbox = TestInbox.<RaftStatus>create();
    kit.run(new GetStatus(inbox.getRef()));
    return inbox.receiveMessage();
  }

  RaftStatus.Role role() {
    return status().role();
  }

  Term term() {
    return status().term();
  }

  long commitIndex() {
    return status().commitIndex().value();
  }

  long lastIndex() {
    return status().lastIndex().value();
  }
}
