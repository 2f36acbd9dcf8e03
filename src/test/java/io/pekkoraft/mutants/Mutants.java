package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.function.Function;
import java.util.stream.Stream;

/** The mistakes, room by room. */
final class Mutants {
  /** No mistake: what catches this one is wrong itself. */
  static final Mutant NONE = mutant("none", "nothing", Story.CHAOS);

  /**
   * Ours finds the exact place where two logs part, and so hides what a follower makes of less; one
   * that is refused and begins again with the first entry is poorer, and not wrong (§5.3).
   */
  static final Mutant.Edit BACK_TO_THE_START =
      edit(
          "replication/Progress.java",
          "leaders.lastThatCouldMatch(hint).index().min(previous.previous()).max(match).next();",
          "match.next();");

  /** No mistake either. */
  static final Mutant POORER_LEADER =
      mutant("a poorer leader", "nothing", Story.STALE_TAIL, BACK_TO_THE_START);

  private Mutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
            ElectionMutants.all(),
            ReplicationMutants.all(),
            PromiseMutants.all(),
            ReadMutants.all(),
            MembershipMutants.all(),
            SessionMutants.all(),
            OfficeMutants.all(),
            SnapshotMutants.all(),
            QuietMutants.all())
        .flatMap(Function.identity());
  }
}
