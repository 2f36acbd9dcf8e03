package io.pekkoraft.model;

/**
 * What Raft makes impossible has happened: two leaders in one term, a committed entry in conflict.
 * A peer that sees it stops and stays down, because a stopped peer is safe and a wrong one is not.
 */
public final class SafetyViolation extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public SafetyViolation(String message) {
    super(message);
  }
}
