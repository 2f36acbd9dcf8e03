package io.pekkoraft.model;

/**
 * One life of a peer, from the first event in its journal on: a number drawn at random then. A peer
 * that comes back with an empty disk has another one, and so can't pass for the peer whose promises
 * were on the lost disk.
 */
public record Incarnation(long value) {
  public static Incarnation of(long value) {
    return new Incarnation(value);
  }

  @Override
  public String toString() {
    return Long.toHexString(value);
  }
}
