package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Explain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** Asks peers for their explanations, and explains those that can't do so themselves. */
final class Explanations {
  private final ActorSystem<?> system;
  private final String group;
  private final Optional<ActorRef<GroupGuardian.Message>> guardian;
  private final Duration patience;

  /**
   * @param guardian who knows why a peer failed
   * @param patience how long to wait for a peer
   */
  Explanations(
      ActorSystem<?> system,
      String group,
      Optional<ActorRef<GroupGuardian.Message>> guardian,
      Duration patience) {
    this.system = system;
    this.group = group;
    this.guardian = guardian;
    this.patience = patience;
  }

  CompletionStage<SortedMap<PeerId, Explanation>> of(SortedSet<PeerId> peers) {
    return failures()
        .thenCompose(
            failures -> {
              CompletionStage<SortedMap<PeerId, Explanation>> all =
                  CompletableFuture.completedStage(new TreeMap<>());
              for (var peer : peers) {
                all = all.thenCombine(of(peer, failures), Explanations::with);
              }
              return all;
            });
  }

  private static SortedMap<PeerId, Explanation> with(
      SortedMap<PeerId, Explanation> all, Explanation one) {
    all.put(one.peer(), one);
    return all;
  }

  /** What the peers that are down said when they failed. */
  private CompletionStage<Map<PeerId, String>> failures() {
    return guardian
        .<CompletionStage<Map<PeerId, String>>>map(
            ref ->
                Ask.<GroupGuardian.Message, Map<PeerId, String>>ask(
                        system, ref, GroupGuardian.GetFailures::new, patience)
                    .exceptionally(stopped -> Map.of()))
        .orElse(CompletableFuture.completedStage(Map.of()));
  }

  private CompletionStage<Explanation> of(PeerId peer, Map<PeerId, String> failures) {
    var asked = Directory.of(system).<Explanation>ask(group, peer, Explain::new, patience);
    if (asked.isEmpty()) {
      var reason = Optional.ofNullable(failures.get(peer));
      return CompletableFuture.completedStage(instead(peer, new Finding.Down(reason)));
    }
    return asked.get().exceptionally(noAnswer -> instead(peer, new Finding.Unresponsive(patience)));
  }

  private Explanation instead(PeerId peer, Finding finding) {
    return new Explanation(peer, group, Optional.empty(), Term.ZERO, List.of(finding));
  }
}
