package io.pekkoraft.testkit.linearizability;

/** Whether a {@link History} is linearizable. */
public sealed interface Verdict {
  /** What the search cost; the same history costs the same everywhere. */
  long steps();

  /** Each operation can have taken effect at one moment between its call and its return. */
  record Linearizable(long steps) implements Verdict {}

  /**
   * No order explains the results.
   *
   * @param key whose operations they are
   * @param culprit the first to return for which there is no place: all that returned before it can
   *     be explained, but not together with it
   * @param explanation for people
   */
  record NotLinearizable(Object key, Operation<?, ?> culprit, String explanation, long steps)
      implements Verdict {
    @Override
    public String toString() {
      return "Not linearizable" + explanation;
    }
  }

  /**
   * The search gave up before it knew.
   *
   * @param culprit the furthest return that it could not explain as yet
   */
  record Undecided(Object key, Operation<?, ?> culprit, String explanation, long steps)
      implements Verdict {
    @Override
    public String toString() {
      return "Undecided after " + steps + " steps" + explanation;
    }
  }
}
