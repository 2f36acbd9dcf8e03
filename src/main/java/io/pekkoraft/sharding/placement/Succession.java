package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import java.util.Set;

/**
 * One disk takes the place of another that is lost for good. To say so twice does no harm.
 *
 * @param lost with which no node is there
 * @param next whose node waits for it
 */
record Succession(Disk lost, Disk next) {
  /**
   * @param known what is settled, as most nodes know it
   * @param own the disk of the node that was asked: of its own peers it can't tell whether they are
   *     the new ones
   * @return what is settled from now on
   * @throws IllegalArgumentException when it may not be, with what to do
   */
  Placement settle(Claims claims, Set<Placement> known, Disk own) {
    var newest =
        Settling.newest(known)
            .orElseThrow(() -> new IllegalArgumentException("Nothing is settled yet."));
    if (newest.version() == 1 && !Settling.rivals(newest, known).isEmpty()) {
      throw new IllegalArgumentException(
          "Type " + newest.type() + " was settled twice: the logs of its nodes say what to do.");
    }
    if (lost.equals(own)) {
      throw new IllegalArgumentException(
          "Disk " + lost + " is this node's own. Stop this node, and ask another one.");
    }
    var isTold = newest.newcomers().contains(next) && newest.replicaOn(lost).isEmpty();
    var settled = isTold ? newest : newest.replacing(lost, next);
    if (!isTold) {
      requireLost(claims);
    }
    requireThere(claims, settled.replicaOn(next).orElseThrow());
    return settled;
  }

  /** Whose node can't be reached is lost if the operator says so; if it comes back, it ends. */
  private void requireLost(Claims claims) {
    claims.live().stream()
        .filter(claim -> claim.disk().equals(lost))
        .filter(claim -> claims.presence(claim).state() != Presence.State.UNREACHABLE)
        .findAny()
        .ifPresent(
            claim -> {
              throw new IllegalArgumentException(
                  "Disk "
                      + lost
                      + " is not lost: "
                      + claim.node()
                      + " has it, and is there. If it is not to be trusted, stop that node first.");
            });
  }

  private void requireThere(Claims claims, PeerId replica) {
    var claim =
        claims.live().stream()
            .filter(one -> one.disk().equals(next) && claims.presence(one).isThere())
            .findAny()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No node is there that has disk "
                            + next
                            + ". Start one of role "
                            + Replica.roleOf(replica)
                            + ", let it begin with the type, and take the name of the disk from its"
                            + " log."));
    if (!claim.replica().equals(replica)) {
      throw new IllegalArgumentException(
          "Disk "
              + next
              + " is at a node of role "
              + Replica.roleOf(claim.replica())
              + ", and "
              + lost
              + " had the peers "
              + replica
              + ": start that node with role "
              + Replica.roleOf(replica)
              + ".");
    }
  }
}
