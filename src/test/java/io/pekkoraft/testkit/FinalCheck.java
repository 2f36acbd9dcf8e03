package io.pekkoraft.testkit;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.testkit.Coverage.Kind;
import io.pekkoraft.testkit.Request.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must hold in the end, whatever happened: all recover and agree, every request has ended, and
 * the peers' states and what the clients were told are one story.
 */
final class FinalCheck<C, R> {
  private final Cluster<C, R> cluster;

  FinalCheck(Cluster<C, R> cluster) {
    this.cluster = cluster;
  }

  void run() {
    cluster.recover();
    cluster.await("every request ends", () -> ended() == cluster.requests().size());
    cluster.endClients();
    cluster.await("all is committed and applied, on all", this::isSettled);
    cluster.awaitAgreement();
    cluster.requests().forEach(o -> cluster.coverage().count(Kind.REQUEST, o.outcome().name()));
    everyAnswerIsTrue();
  }

  private long ended() {
    return cluster.requests().stream().filter(o -> o.outcome() != Outcome.PENDING).count();
  }

  /**
   * Whether every log is committed and applied to its end. Peers that agree on what they have
   * applied may all lack the last entry that somebody was promised, until their leader commits its
   * own.
   */
  private boolean isSettled() {
    var members = cluster.runningMembers();
    var statuses = members.stream().map(cluster::status).flatMap(Optional::stream).toList();
    return cluster.leader().isPresent()
        && statuses.size() == members.size()
        && statuses.stream().map(RaftStatus::lastIndex).distinct().count() == 1
        && statuses.stream()
            .allMatch(
                s ->
                    s.commitIndex().equals(s.lastIndex()) && s.lastApplied().equals(s.lastIndex()));
  }

  /** What was acknowledged is in the state, once; what was refused is not. */
  private void everyAnswerIsTrue() {
    var proposals = cluster.requests().stream().filter(o -> !o.isRead()).toList();
    var proposed = count(proposals.stream().map(Request::command).toList());
    var inTheEnd = count(cluster.applied(cluster.leader().orElseThrow()));
    for (var proposal : proposals) {
      var times = inTheEnd.getOrDefault(proposal.command(), 0);
      var lost = proposal.outcome() == Outcome.DONE && times == 0;
      var refused = proposal.outcome() == Outcome.REFUSED && times > 0;
      var once = proposed.get(proposal.command()) == 1;
      if (lost || (once && (refused || times > 1))) {
        throw new AssertionError(proposal + ", but it was applied " + times + " times");
      }
    }
  }

  private Map<C, Integer> count(List<C> commands) {
    var counts = new HashMap<C, Integer>();
    commands.forEach(command -> counts.merge(command, 1, Integer::sum));
    return counts;
  }
}
