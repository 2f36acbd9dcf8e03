package io.pekkoraft.sharding;

/**
 * Which state of an entity it is: the events that led to it, told apart from all others.
 *
 * <p>A number alone would not do. Whoever decides ahead of what is committed counts on: if its
 * events come to nothing and another's take their place, both have an event number 5, and what was
 * decided on one would be applied to the other.
 *
 * @param version how many events there were
 * @param lineage who decided on the last of them: a number that is drawn each time somebody loads
 *     the entity to decide on it. Within a lineage each state follows the one before
 */
record Stamp(long version, long lineage) {
  /** Before the first event. */
  static final Stamp NONE = new Stamp(0, 0);

  /** After {@code events} more of {@code lineage}. */
  Stamp after(int events, long lineage) {
    return new Stamp(version + events, lineage);
  }
}
