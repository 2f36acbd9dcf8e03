package io.pekkoraft.sharding.placement;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A data directory, by the name that it was given when it was made; it goes where the directory
 * goes, and another one is made with an empty directory.
 */
record Disk(String id) implements Comparable<Disk> {
  private static final Pattern LEGAL = Pattern.compile("[0-9a-f-]{8,64}");

  Disk {
    Objects.requireNonNull(id, "A disk has a name.");
    if (!LEGAL.matcher(id).matches()) {
      throw new IllegalArgumentException("\"" + id + "\" names no disk.");
    }
  }

  @Override
  public int compareTo(Disk other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return id;
  }
}
