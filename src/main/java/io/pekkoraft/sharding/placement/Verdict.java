package io.pekkoraft.sharding.placement;

/** What a node makes of what it knows. */
sealed interface Verdict {
  /** Too little is known yet, or too few are there. */
  record Waits(String why) implements Verdict {}

  /** All are there, and nothing was settled before: this node settles it. */
  record Founds(Placement placement) implements Verdict {}

  /** It is settled, and this node has its part in it. */
  record Runs(Placement placement) implements Verdict {}

  /**
   * Something is wrong, and no peer may begin here.
   *
   * @param ends whether those that run have to end: another disk has taken the place of this one
   */
  record Refuses(String why, boolean ends) implements Verdict {
    Refuses(String why) {
      this(why, false);
    }
  }
}
