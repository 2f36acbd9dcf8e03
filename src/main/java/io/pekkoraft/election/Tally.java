package io.pekkoraft.election;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import java.util.SortedSet;
import java.util.TreeSet;

/** The votes of one election: a set of voters, so that an answer which comes twice counts once. */
public final class Tally {
  private final Configuration configuration;
  private final SortedSet<PeerId> voters = new TreeSet<>();

  public Tally(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whose votes are in. */
  public SortedSet<PeerId> voters() {
    return PeerId.sorted(voters);
  }

  /** Counts a vote and says whether the election is won. */
  public boolean add(PeerId voter) {
    voters.add(voter);
    return configuration.isMajority(voters);
  }
}
