package io.pekkoraft.journal;

/** What the journal or the snapshot store could not do, and why. */
public abstract sealed class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The directory could not be opened: another process holds it, or its files are not readable. */
  public static final class NotOpened extends JournalException {
    private static final long serialVersionUID = 1L;

    NotOpened(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The store was closed, as happens when the actor system ends. Nothing was written. */
  public static final class Closed extends JournalException {
    private static final long serialVersionUID = 1L;

    Closed(String directory) {
      super("the store in [" + directory + "] is closed", null);
    }
  }

  /** Too much is waiting to be written already. Nothing was written. */
  public static final class Overloaded extends JournalException {
    private static final long serialVersionUID = 1L;

    Overloaded(String message) {
      super(message, null);
    }
  }

  /**
   * A write to the disk failed, this one or one before it. Whether the first one survives is
   * unknown, and the store stays failed until it is opened anew.
   */
  public static final class Failed extends JournalException {
    private static final long serialVersionUID = 1L;

    Failed(String directory, Throwable cause) {
      super(
          "a write to the store in ["
              + directory
              + "] failed, and it writes no more until it is opened anew: "
              + cause.getMessage(),
          cause);
    }
  }

  /**
   * An event does not follow the last one of its persistence id, most likely because there are two
   * writers of that id. Nothing was written.
   */
  public static final class OutOfSequence extends JournalException {
    private static final long serialVersionUID = 1L;

    OutOfSequence(String persistenceId, long last, long given) {
      super(
          "persistence id ["
              + persistenceId
              + "] has events up to sequence number "
              + last
              + ", so that an event with number "
              + given
              + " cannot follow; are there two writers of this id?",
          null);
    }
  }

  /** Events that were written once, and never deleted, are not there any more. */
  public static final class Missing extends JournalException {
    private static final long serialVersionUID = 1L;

    Missing(String persistenceId, long from, long to) {
      super(
          "persistence id [" + persistenceId + "]: the events " + from + " to " + to + " are lost",
          null);
    }
  }

  /** What was read is not what was written, or was written in a format unknown to this version. */
  public static final class Damaged extends JournalException {
    private static final long serialVersionUID = 1L;

    Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
