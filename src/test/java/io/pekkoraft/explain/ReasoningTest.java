package io.pekkoraft.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From what a peer knows to what it says. */
class ReasoningTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");
  private static final Duration LONG = Duration.ofMillis(2100);
  private static final Duration SHORT = Duration.ofMillis(40);
  private static final RaftSettings SETTINGS =
      RaftSettings.create(
          ConfigFactory.parseString("insight.lag = 10, proposals.max-pending = 5")
              .withFallback(ConfigFactory.load("in-memory.conf").getConfig("pekko-raft")));

  private Configuration configuration = Configuration.of(PeerId.setOf("p1", "p2", "p3"));
  private long lastIndex = 100;
  private long commitIndex = 100;
  private long lastApplied = 100;
  private FollowerStatus second = follower(100, State.REPLICATE);
  private Optional<Duration> leaderless = Optional.empty();
  private Duration diskWaits = Duration.ZERO;
  private boolean aside;
  private boolean disowned;
  private Optional<SortedSet<PeerId>> votes = Optional.empty();
  private Optional<LogPosition> receiving = Optional.empty();
  private Duration secondSilent = SHORT;
  private Duration thirdSilent = SHORT;
  private int pending;
  private Optional<PeerId> successor = Optional.empty();

  private static FollowerStatus follower(long match, State state) {
    return new FollowerStatus(LogIndex.of(match), LogIndex.of(match + 1), state);
  }

  private Explanation leader() {
    var silent = new TreeMap<>(Map.of(P2, secondSilent, P3, thirdSilent));
    return explained(
        Role.LEADER, Optional.of(new Facts.Office(silent, LogIndex.of(90), pending, successor)));
  }

  private Explanation other(Role role) {
    return explained(role, Optional.empty());
  }

  private Explanation explained(Role role, Optional<Facts.Office> office) {
    var followers = new TreeMap<PeerId, FollowerStatus>();
    office.ifPresent(
        leads -> {
          followers.put(P2, second);
          followers.put(P3, follower(100, State.REPLICATE));
        });
    var status =
        new RaftStatus(
            P1,
            "group",
            role,
            Term.of(3),
            Optional.empty(),
            Optional.empty(),
            LogIndex.of(commitIndex),
            LogIndex.of(lastApplied),
            LogIndex.of(1),
            LogIndex.of(lastIndex),
            followers,
            new VersionedConfiguration(LogIndex.ZERO, configuration),
            disowned,
            false);
    return Reasoning.about(
        new Facts(status, leaderless, diskWaits, aside, votes, receiving, office), SETTINGS);
  }

  private static void hinders(Explanation explanation, Finding... findings) {
    assertThat(explanation.findings()).containsExactly(findings);
    assertThat(explanation.isProgressing()).isFalse();
  }

  private static void onlyTells(Explanation explanation, Finding... findings) {
    assertThat(explanation.findings()).containsExactly(findings);
    assertThat(explanation.isProgressing()).isTrue();
  }

  @Test
  @DisplayName("of a peer that does its work there is nothing to be said")
  void allIsWell() {
    onlyTells(leader());
    onlyTells(other(Role.FOLLOWER));
    assertThat(leader().inWords()).isEqualTo("p1 (LEADER): nothing is in its way");
  }

  @Test
  @DisplayName("a follower that is silent is told; a majority that is silent is in the way")
  void silence() {
    thirdSilent = LONG;
    onlyTells(leader(), new Finding.Silent(P3, LONG));
    secondSilent = LONG;
    hinders(leader(), new Finding.NoQuorum(new TreeMap<>(Map.of(P2, LONG, P3, LONG))));
    assertThat(leader().inWords())
        .isEqualTo(
            "p1 (LEADER) has no majority: there is no answer from p2 for 2100 ms, p3 for 2100 ms");
  }

  @Test
  @DisplayName("in a joint configuration each half needs its majority; who only learns is no part")
  void joint() {
    configuration =
        new Configuration(PeerId.setOf("p1", "p2"), PeerId.setOf("p1"), PeerId.setOf("p3"));
    secondSilent = LONG;
    thirdSilent = LONG;
    hinders(
        leader(),
        new Finding.NoQuorum(new TreeMap<>(Map.of(P2, LONG))),
        new Finding.Changing(PeerId.setOf("p1"), PeerId.setOf("p1", "p2")));
  }

  @Test
  @DisplayName("a follower that lags, and one that needs a snapshot")
  void lag() {
    second = follower(89, State.REPLICATE);
    onlyTells(leader(), new Finding.Lagging(P2, 11, State.REPLICATE));
    second = follower(90, State.REPLICATE);
    onlyTells(leader());
    second = follower(0, State.SNAPSHOT);
    onlyTells(leader(), new Finding.SendingSnapshot(P2, 100));
  }

  @Test
  @DisplayName("a leader that takes no commands: too many, leaving, or just elected")
  void noCommands() {
    pending = 5;
    hinders(leader(), new Finding.Full(5));
    pending = 4;
    successor = Optional.of(P2);
    hinders(leader(), new Finding.Leaving(P2));
    successor = Optional.empty();
    commitIndex = 89;
    lastApplied = 89;
    hinders(leader(), new Finding.NothingCommitted());
  }

  @Test
  @DisplayName("whoever knows no leader says since when; a candidate, whose votes it lacks")
  void noLeader() {
    leaderless = Optional.of(LONG);
    hinders(other(Role.FOLLOWER), new Finding.NoLeader(LONG));
    votes = Optional.of(PeerId.setOf("p1"));
    hinders(
        other(Role.CANDIDATE),
        new Finding.NoLeader(LONG),
        new Finding.NoVotes(PeerId.setOf("p2", "p3")));
  }

  @Test
  @DisplayName("a disk that hangs, a snapshot on its way, entries to apply, an end that is near")
  void anyPeer() {
    diskWaits = Duration.ofSeconds(1);
    hinders(other(Role.FOLLOWER), new Finding.DiskHangs(diskWaits));
    diskWaits = SHORT;
    receiving = Optional.of(LogPosition.of(2, 50));
    hinders(other(Role.FOLLOWER), new Finding.ReceivingSnapshot(LogPosition.of(2, 50)));
    receiving = Optional.empty();
    lastApplied = 50;
    aside = true;
    onlyTells(other(Role.FOLLOWER), new Finding.SteppedAside(), new Finding.Applying(50));
  }

  @Test
  @DisplayName("who came back without its journal; who does not belong to the group at all")
  void stranger() {
    disowned = true;
    hinders(other(Role.FOLLOWER), new Finding.Disowned());
    configuration = Configuration.of(PeerId.setOf("p2", "p3"));
    leaderless = Optional.of(LONG);
    diskWaits = LONG;
    hinders(other(Role.FOLLOWER), new Finding.NotAMember());
  }
}
