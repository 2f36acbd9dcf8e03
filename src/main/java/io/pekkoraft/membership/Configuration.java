package io.pekkoraft.membership;

import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who gets the log, and whose word decides (§6). A configuration is simple, or it is joint: on the
 * way from one set of voters to another, when a majority of each has to agree.
 *
 * @param voters who decides; while joint, who will decide when it is left
 * @param outgoing who decided before, and decides as well, while joint; empty otherwise
 * @param learners who gets the log and decides nothing (thesis §4.2.1). One of {@code outgoing} may
 *     be among them: it votes until the joint configuration is left, and is a learner from then on
 * @param met the incarnation of each peer that a leader has met. It stays with the peer as long as
 *     the peer stays: whoever comes under another one has lost its disk, and its word counts for
 *     nothing
 */
public record Configuration(
    SortedSet<PeerId> voters,
    SortedSet<PeerId> outgoing,
    SortedSet<PeerId> learners,
    SortedMap<PeerId, Incarnation> met) {
  /** At most so many get the log, those on their way in or out included. */
  public static final int MAX_PEERS = 64;

  /**
   * What a peer knows that was not bootstrapped and that no leader has told yet: nobody decides in
   * it, not even nobody.
   */
  public static final Configuration NONE =
      new Configuration(PeerId.setOf(), PeerId.setOf(), PeerId.setOf());

  public Configuration {
    voters = PeerId.sorted(voters);
    outgoing = PeerId.sorted(outgoing);
    learners = PeerId.sorted(learners);
    met = Collections.unmodifiableSortedMap(new TreeMap<>(met));
    if (voters.isEmpty() && !(outgoing.isEmpty() && learners.isEmpty())) {
      throw new IllegalArgumentException("A group needs at least one peer that votes.");
    }
    if (learners.stream().anyMatch(voters::contains)) {
      throw new IllegalArgumentException(
          "A peer either votes or learns, but of " + voters + " some are in " + learners + ".");
    }
    var all = union(union(voters, outgoing), learners);
    if (all.size() > MAX_PEERS) {
      throw new IllegalArgumentException(
          "A group has at most " + MAX_PEERS + " peers, but these are " + all.size() + ".");
    }
    if (!all.containsAll(met.keySet())) {
      throw new IllegalArgumentException(
          "Of the peers that were met, " + met.keySet() + ", some are not in " + all + ".");
    }
  }

  /** Who belongs to the group, for people; incarnations are between peers. */
  public String inWords() {
    return "voters "
        + voters
        + (isJoint() ? ", with " + outgoing + " before" : "")
        + (learners.isEmpty() ? "" : ", learners " + learners);
  }

  /** None of whom has been met yet. */
  public Configuration(
      SortedSet<PeerId> voters, SortedSet<PeerId> outgoing, SortedSet<PeerId> learners) {
    this(voters, outgoing, learners, Collections.emptySortedMap());
  }

  /** A simple configuration in which all vote. */
  public static Configuration of(Collection<PeerId> voters) {
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("A group needs at least one peer.");
    }
    return new Configuration(PeerId.sorted(voters), PeerId.setOf(), PeerId.setOf());
  }

  // Who belongs to it.

  /** Everyone who gets the log. */
  public SortedSet<PeerId> peers() {
    return union(electorate(), learners);
  }

  /** Everyone whose vote and whose disk count. */
  public SortedSet<PeerId> electorate() {
    return union(voters, outgoing);
  }

  public boolean contains(PeerId peer) {
    return isVoter(peer) || learners.contains(peer);
  }

  /** Whether the vote of {@code peer} counts, if only until the joint configuration is left. */
  public boolean isVoter(PeerId peer) {
    return voters.contains(peer) || outgoing.contains(peer);
  }

  public boolean isLearner(PeerId peer) {
    return learners.contains(peer) && !outgoing.contains(peer);
  }

  public boolean isJoint() {
    return !outgoing.isEmpty();
  }

  /** Everyone else who gets the log. */
  public SortedSet<PeerId> without(PeerId self) {
    var others = new TreeSet<>(peers());
    others.remove(self);
    return PeerId.sorted(others);
  }

  // Who they are.

  /** The incarnation under which {@code peer} was met, if it was. */
  public Optional<Incarnation> incarnationOf(PeerId peer) {
    return Optional.ofNullable(met.get(peer));
  }

  /** Whether {@code peer} may be who says to be it: nobody was met yet, or this very one. */
  public boolean knows(PeerId peer, Incarnation incarnation) {
    return incarnationOf(peer).map(incarnation::equals).orElse(true);
  }

  /** The same peers, of whom those in {@code more} have been met by now, if they had not before. */
  public Configuration having(Map<PeerId, Incarnation> more) {
    var all = new TreeMap<>(more);
    all.keySet().retainAll(peers());
    all.putAll(met);
    return new Configuration(voters, outgoing, learners, all);
  }

  private SortedMap<PeerId, Incarnation> metOf(Set<PeerId> peers) {
    var some = new TreeMap<>(met);
    some.keySet().retainAll(peers);
    return some;
  }

  // What they decide.

  /** Whether {@code agreeing} decides; those who don't vote don't count. Joint: in both (§6). */
  public boolean isMajority(Set<PeerId> agreeing) {
    return Majority.agrees(voters, agreeing) && (!isJoint() || Majority.agrees(outgoing, agreeing));
  }

  /**
   * The highest index that a majority has on disk. Joint: a majority of both (§6).
   *
   * @param matched how far a voter's log is known to equal the leader's; asked for the leader
   *     itself only if it votes
   */
  public LogIndex majorityMatch(Function<PeerId, LogIndex> matched) {
    var match = Majority.match(voters, matched);
    return isJoint() ? match.min(Majority.match(outgoing, matched)) : match;
  }

  // What comes after it.

  /**
   * What a leader appends to begin {@code change}: a joint configuration, or, when the voters stay
   * who they are, the new one at once, for then every majority stays one.
   *
   * @throws ChangeRefused when it can't be, for any reason but its version and its time, which
   *     {@link Membership#next} looks after
   */
  public Configuration changedBy(Change change) {
    if (equals(NONE)) {
      throw new IllegalStateException("Nobody leads where there is no configuration yet.");
    }
    if (isJoint()) {
      throw new ChangeRefused(
          ChangeRefused.Reason.UNDER_WAY,
          "Another change is under way, from " + outgoing + " to " + voters + ".");
    }
    change.requireEachPeerOnce();
    refuse(ChangeRefused.Reason.ALREADY_THERE, "already a voter", change.add(), voters::contains);
    refuse(
        ChangeRefused.Reason.ALREADY_THERE,
        "already a learner",
        change.learners(),
        learners::contains);
    refuse(
        ChangeRefused.Reason.UNKNOWN,
        "not one of the group",
        change.remove(),
        Predicate.not(this::contains));
    var newVoters = after(voters, change.add(), change.remove(), change.learners());
    var newLearners = after(learners, change.learners(), change.remove(), change.add());
    if (newVoters.isEmpty()) {
      throw new ChangeRefused(ChangeRefused.Reason.NO_VOTER_LEFT, "Nobody would be left to vote.");
    }
    var all = union(union(voters, newVoters), newLearners);
    if (all.size() > MAX_PEERS) {
      throw new ChangeRefused(
          ChangeRefused.Reason.TOO_MANY,
          all.size() + " peers would get the log on the way; at most " + MAX_PEERS + " can.");
    }
    var outgoing = newVoters.equals(voters) ? PeerId.setOf() : voters;
    return new Configuration(newVoters, outgoing, newLearners, metOf(all));
  }

  /** The configuration that a joint one was on the way to (§6). */
  public Configuration leaveJoint() {
    if (!isJoint()) {
      throw new IllegalStateException("Not joint: " + this);
    }
    return new Configuration(voters, PeerId.setOf(), learners, metOf(union(voters, learners)));
  }

  /**
   * Whether this may come right after {@code previous} in a log. Only then does no majority of the
   * one do without the other's (§6), and whoever was met stays who it is.
   */
  public boolean mayFollow(Configuration previous) {
    if (previous.equals(NONE)) {
      return !equals(NONE);
    }
    if (previous.isJoint()) {
      return equals(previous.leaveJoint());
    }
    return (isJoint() ? outgoing : voters).equals(previous.voters)
        && met.entrySet().containsAll(previous.metOf(peers()).entrySet());
  }

  private static void refuse(
      ChangeRefused.Reason reason, String what, Set<PeerId> peers, Predicate<PeerId> wrong) {
    peers.stream()
        .filter(wrong)
        .findFirst()
        .ifPresent(
            peer -> {
              throw new ChangeRefused(reason, "Peer " + peer + " is " + what + ".");
            });
  }

  private static SortedSet<PeerId> after(
      Set<PeerId> before, Set<PeerId> come, Set<PeerId> leave, Set<PeerId> moveOver) {
    var after = union(before, come);
    after.removeAll(leave);
    after.removeAll(moveOver);
    return after;
  }

  private static SortedSet<PeerId> union(Set<PeerId> some, Set<PeerId> more) {
    var all = new TreeSet<>(some);
    all.addAll(more);
    return all;
  }
}
