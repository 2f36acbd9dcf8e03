package io.pekkoraft.testkit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run, or many of them, have been through, and how often. */
public final class Coverage {
  private final SortedMap<Kind, SortedMap<String, Long>> counts = new TreeMap<>();

  /** What is counted. */
  public enum Kind {
    FAULT,
    /** From role to role. */
    TRANSITION,
    /** Taken, sent to the end, or put into effect. */
    SNAPSHOT,
    /** How requests ended. */
    REQUEST,
    /** What became of numbered commands, copy by copy. */
    SESSION,
    /** How groups that had nothing to do went quiet, and were woken. */
    QUIET
  }

  void count(Kind kind, String what) {
    count(kind, what, 1);
  }

  private void count(Kind kind, String what, long times) {
    counts.computeIfAbsent(kind, k -> new TreeMap<>()).merge(what, times, Long::sum);
  }

  /** Adds what another run has been through. */
  public void add(Coverage other) {
    other.counts.forEach(
        (kind, counted) -> counted.forEach((what, times) -> count(kind, what, times)));
  }

  public SortedMap<String, Long> of(Kind kind) {
    return Collections.unmodifiableSortedMap(counts.getOrDefault(kind, new TreeMap<>()));
  }

  /** In a line: how many faults, and how many kinds of transitions. */
  public String summary() {
    var faults = of(Kind.FAULT).values().stream().mapToLong(Long::longValue).sum();
    return faults + " faults, " + of(Kind.TRANSITION).size() + " kinds of transitions";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coverage coverage && coverage.counts.equals(counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  /** A line for each kind. */
  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(kind -> kind.getKey() + " " + kind.getValue())
        .collect(Collectors.joining("\n"));
  }
}
