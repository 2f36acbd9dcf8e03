package io.pekkoraft.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The name of a peer, unique in its group and kept for life: the journal is found by it.
 *
 * @param value 1 to 64 letters, digits, dots, dashes or underscores; neither "." nor "..", for it
 *     names a directory, too
 */
public record PeerId(String value) implements Comparable<PeerId> {
  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");

  public PeerId {
    if (!LEGAL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "A peer's id is 1 to 64 letters, digits, '.', '-' or '_', but was \"" + value + "\".");
    }
  }

  public static PeerId of(String value) {
    return new PeerId(value);
  }

  /** Several peers at once, in the order of their names: {@code PeerId.setOf("p1", "p2", "p3")}. */
  public static SortedSet<PeerId> setOf(String... values) {
    var ids = new TreeSet<PeerId>();
    for (var value : values) {
      ids.add(of(value));
    }
    return Collections.unmodifiableSortedSet(ids);
  }

  /** An immutable copy of {@code ids} that iterates in the order of their names. */
  public static SortedSet<PeerId> sorted(Collection<PeerId> ids) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }

  @Override
  public int compareTo(PeerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
