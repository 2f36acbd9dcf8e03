package io.pekkoraft.snapshot;

/** What could not be done with a snapshot, with which file, and what helps. */
public abstract sealed class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The directory can't be used: another process has it, or it can't be made or read. */
  public static final class NotOpened extends SnapshotException {
    private static final long serialVersionUID = 1L;

    public NotOpened(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The disk did not take it, as when it is full. What was written of it is given up and its room
   * given back; snapshots from before are as they were.
   */
  public static final class NotWritten extends SnapshotException {
    private static final long serialVersionUID = 1L;

    public NotWritten(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** There is no such snapshot. */
  public static final class Missing extends SnapshotException {
    private static final long serialVersionUID = 1L;

    public Missing(String message) {
      super(message, null);
    }
  }

  /** What was read, or received, is not what was written, or is unknown to this version. */
  public static final class Damaged extends SnapshotException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
