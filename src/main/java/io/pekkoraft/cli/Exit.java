package io.pekkoraft.cli;

/** What the process ends with; part of the contract with scripts, as {@code --help} says it. */
final class Exit {
  /** It is done, or all is well. */
  static final int OK = 0;

  /** It was refused or failed, and nothing was done. */
  static final int FAILED = 1;

  /** The command line is not understood. */
  static final int USAGE = 2;

  /** No endpoint could be reached, and nothing was done. */
  static final int NOT_REACHABLE = 3;

  /** Nobody can tell whether it was done. */
  static final int UNKNOWN = 4;

  /** A data directory is damaged. */
  static final int DAMAGED = 5;

  /** The node was thrown out of the cluster, and has to be started anew. */
  static final int THROWN_OUT = 6;

  private Exit() {}
}
