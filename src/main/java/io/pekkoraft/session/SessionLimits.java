package io.pekkoraft.session;

/**
 * How long and how much a table of sessions remembers. The limits decide who is forgotten, so they
 * must be the same on every peer: the leader puts its own into each entry that opens a session, and
 * they hold from there on for all. Peers with unlike settings still agree.
 *
 * @param expireAfter milliseconds of the log's time without a word from the client
 * @param maxSessions over all clients
 * @param maxReplyBytes of remembered replies, all sessions together, each with 64 on top
 * @param maxInFlight commands of one session from its lowest unanswered one on; their table may
 *     take eight bytes for each
 */
public record SessionLimits(
    long expireAfter, int maxSessions, long maxReplyBytes, int maxInFlight) {
  /** What {@link #maxInFlight} may be at most. */
  public static final int MOST_IN_FLIGHT = 1 << 16;

  /** What {@link #maxSessions} should be at most, and ... */
  public static final int MOST_SESSIONS = 1 << 24;

  /**
   * ... {@link #maxReplyBytes}, for a table to fit into the one array that a snapshot makes of it.
   */
  public static final long MOST_REPLY_BYTES = 1 << 30;

  public SessionLimits {
    if (expireAfter < 1 || maxSessions < 1 || maxReplyBytes < 1) {
      throw new IllegalArgumentException(
          "Each limit of sessions is 1 at least: expire after "
              + expireAfter
              + " ms, sessions "
              + maxSessions
              + ", reply bytes "
              + maxReplyBytes
              + ".");
    }
    if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
      throw new IllegalArgumentException(
          "A session has 1 to " + MOST_IN_FLIGHT + " in flight, but was " + maxInFlight + ".");
    }
  }
}
