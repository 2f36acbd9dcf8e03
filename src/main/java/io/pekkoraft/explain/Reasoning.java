package io.pekkoraft.explain;

import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.explain.Facts.Office;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What follows from the facts. */
public final class Reasoning {
  private final Facts facts;
  private final RaftSettings settings;
  private final List<Finding> findings = new ArrayList<>();

  private Reasoning(Facts facts, RaftSettings settings) {
    this.facts = facts;
    this.settings = settings;
  }

  /**
   * @param settings say how long is too long and how many are too many
   */
  public static Explanation about(Facts facts, RaftSettings settings) {
    var reasoning = new Reasoning(facts, settings);
    reasoning.aboutAnyPeer();
    facts.office().ifPresent(reasoning::aboutALeader);
    var status = facts.status();
    return new Explanation(
        status.id(), status.group(), Optional.of(status.role()), status.term(), reasoning.findings);
  }

  private Configuration configuration() {
    return facts.status().configuration().configuration();
  }

  private void aboutAnyPeer() {
    var status = facts.status();
    if (!status.isMember()) {
      findings.add(new Finding.NotAMember());
      return;
    }
    if (status.disowned()) {
      findings.add(new Finding.Disowned());
    }
    if (facts.diskWaits().compareTo(settings.leadership().diskTimeout()) >= 0) {
      findings.add(new Finding.DiskHangs(facts.diskWaits()));
    }
    if (status.quiet()) {
      findings.add(new Finding.Quiet());
    }
    if (facts.aside()) {
      findings.add(new Finding.SteppedAside());
    }
    var toApply = entries(status.lastApplied(), status.commitIndex());
    if (toApply > settings.insight().lag()) {
      findings.add(new Finding.Applying(toApply));
    }
    facts.leaderless().ifPresent(since -> findings.add(new Finding.NoLeader(since)));
    facts
        .votes()
        .ifPresent(
            votes -> {
              var missing = new TreeSet<>(configuration().electorate());
              missing.removeAll(votes);
              findings.add(new Finding.NoVotes(missing));
            });
    facts.receiving().ifPresent(at -> findings.add(new Finding.ReceivingSnapshot(at)));
  }

  private void aboutALeader(Office office) {
    if (!facts.status().commitIndex().isAtLeast(office.firstOwn())) {
      findings.add(new Finding.NothingCommitted());
    }
    if (office.pending() >= settings.proposals().maxPending()) {
      findings.add(new Finding.Full(office.pending()));
    }
    office.successor().ifPresent(to -> findings.add(new Finding.Leaving(to)));
    if (configuration().isJoint()) {
      findings.add(new Finding.Changing(configuration().outgoing(), configuration().voters()));
    }
    if (!facts.status().quiet()) {
      aboutSilence(silent(office));
    }
    facts.status().followers().forEach(this::aboutFollower);
  }

  /** Those who have missed a whole election time-out. */
  private SortedMap<PeerId, Duration> silent(Office office) {
    var silent = new TreeMap<>(office.silentFor());
    silent.values().removeIf(since -> since.compareTo(settings.electionTimeout().max()) < 0);
    return silent;
  }

  private void aboutSilence(SortedMap<PeerId, Duration> silent) {
    var there = new TreeSet<>(configuration().electorate());
    there.removeAll(silent.keySet());
    if (configuration().isMajority(there)) {
      silent.forEach((peer, since) -> findings.add(new Finding.Silent(peer, since)));
      return;
    }
    var voters = new TreeMap<>(silent);
    voters.keySet().removeIf(peer -> !configuration().isVoter(peer));
    findings.add(new Finding.NoQuorum(voters));
  }

  private void aboutFollower(PeerId follower, FollowerStatus status) {
    var behind = entries(status.matchIndex(), facts.status().lastIndex());
    if (status.state() == State.SNAPSHOT) {
      findings.add(new Finding.SendingSnapshot(follower, behind));
    } else if (behind > settings.insight().lag()) {
      findings.add(new Finding.Lagging(follower, behind, status.state()));
    }
  }

  private static long entries(LogIndex from, LogIndex to) {
    return to.value() - from.value();
  }
}
