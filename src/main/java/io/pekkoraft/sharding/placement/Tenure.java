package io.pekkoraft.sharding.placement;

import io.pekkoraft.sharding.placement.Verdict.Founds;
import io.pekkoraft.sharding.placement.Verdict.Refuses;
import io.pekkoraft.sharding.placement.Verdict.Runs;
import io.pekkoraft.sharding.placement.Verdict.Waits;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether this node may use its disk, from its start on. A data directory can be copied, and then
 * two nodes come with one disk. So a node claims its disk first, and asks then: of two that come at
 * once one at least sees the other one's claim, for most nodes had heard of it before it asked.
 *
 * <pre>
 *   claim ── most have it ──▶ ask ── most have answered ──▶ sure: may begin
 *     ▲                        │                             │
 *     │                        │                             └─ all are there, nothing is settled?
 *     │                        │                                once more, and then it may found
 *     └────── once more ◀──────┴── too few are there ─────▶ may begin by what is kept here
 * </pre>
 *
 * <p>Who was refused stays so until it is started anew: a copy would else take over as soon as the
 * other node is stopped for a moment.
 */
final class Tenure {
  private static final Waits NOT_SURE =
      new Waits("Most of the nodes have not answered yet: what is settled is not surely known.");

  private final Settling settling;
  private final String node;
  private boolean asking;
  private boolean asked;
  private boolean sure;
  private boolean runs;

  /** What it would found; it asks for this once more, as all who count may have come since. */
  private Optional<Placement> wanted = Optional.empty();

  private Optional<Placement> askedFor = Optional.empty();
  private Optional<Placement> confirmed = Optional.empty();
  private Optional<Verdict> refused = Optional.empty();

  /**
   * @param node the name of this one, as a member of the cluster
   */
  Tenure(Settling settling, String node) {
    this.settling = settling;
    this.node = node;
  }

  /** What this node has to say of its disk now. */
  Claim claim(Optional<Placement> kept) {
    return new Claim(
        settling.disk(), settling.self(), kept.map(Placement::version).orElse(0), runs, node);
  }

  /**
   * Whether to claim the disk and to ask: most nodes have not answered yet, or not since all were
   * there, or the claim is not among what the nodes share, or no more.
   */
  boolean hasToAsk(Claims claims, Claim own) {
    var isDone = sure && claims.all().contains(own) && confirmed.equals(wanted);
    return !asking && refused.isEmpty() && !isDone;
  }

  void asks() {
    asking = true;
    askedFor = wanted;
  }

  /**
   * @param most whether most nodes have the claim, and have answered after that
   */
  void answered(boolean most) {
    asking = false;
    asked = true;
    sure |= most;
    if (most) {
      confirmed = askedFor;
    }
  }

  /** The peers have begun. */
  void runs() {
    runs = true;
  }

  /** Whether another node has the disk, so that this one takes its claim back. */
  boolean isRefused() {
    return refused.isPresent();
  }

  /**
   * @param told the placements that were told
   * @param kept the one that is kept here
   * @return empty before anybody was asked
   */
  Optional<Verdict> judge(Claims claims, Set<Placement> told, Optional<Placement> kept) {
    if (refused.isPresent() || !asked) {
      return refused;
    }
    var others = claims.others(settling.disk(), node);
    if (!runs && !others.isEmpty()) {
      return Optional.of(yieldTo(others, claims));
    }
    var known = new HashSet<>(told);
    kept.ifPresent(known::add);
    return Optional.of(ifSure(settling.judge(claims, known), kept.isPresent()));
  }

  private Verdict ifSure(Verdict verdict, boolean isKept) {
    if (verdict instanceof Founds founds) {
      wanted = Optional.of(founds.placement());
      return confirmed.equals(wanted) ? verdict : NOT_SURE;
    }
    wanted = Optional.empty();
    confirmed = Optional.empty();
    return verdict instanceof Runs && !isKept && !sure ? NOT_SURE : verdict;
  }

  private Verdict yieldTo(List<Claim> others, Claims claims) {
    var there = others.stream().filter(one -> claims.presence(one).isThere()).toList();
    if (there.isEmpty()) {
      return new Waits(
          "Disk "
              + settling.disk()
              + " belongs to "
              + nodes(others)
              + ", which is a member of the cluster still, though it leaves or can't be reached."
              + " This node goes on when the cluster has removed it; if it is gone for good, down"
              + " it.");
    }
    var verdict =
        new Refuses(
            "Disk "
                + settling.disk()
                + " is also at "
                + nodes(there)
                + ": one of the two data directories is a copy of the other. Stop both nodes, and"
                + " start the one alone that was in use. If this is the only one, and that node"
                + " has just died, start this one anew.");
    refused = Optional.of(verdict);
    return verdict;
  }

  /** Who claims the disk on which the peers of this node run; empty when all is well. */
  Optional<String> intruders(Claims claims) {
    var others = claims.others(settling.disk(), node);
    return runs && !others.isEmpty()
        ? Optional.of(
            "Disk "
                + settling.disk()
                + " is in use here, and "
                + nodes(others)
                + " claims it as well: that one has a copy of the data directory. Stop it, and"
                + " empty its directory.")
        : Optional.empty();
  }

  private static String nodes(List<Claim> claims) {
    return claims.stream().map(Claim::node).sorted().collect(Collectors.joining(" and "));
  }
}
