package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The open sessions: replicated state, next to the state machine's and in the same snapshot (thesis
 * §6.3). Mutable, for one thread. Each call stands for one entry of the log; every peer makes the
 * same calls in the same order, and so forgets the same sessions at the same index.
 *
 * <p><b>Time.</b> The clock is the latest time-stamp seen in the log. It never goes back, not even
 * under a leader whose own clock is behind, and it stands still while the log does. See {@link
 * LeaderClock} for where the stamps come from.
 *
 * <p><b>Forgetting.</b> A session is forgotten when its client was not heard for {@link
 * SessionLimits#expireAfter}, and before that when the table is full: the longest unheard first. A
 * client that keeps its session alive is thus the last to lose it. One whose own replies fill the
 * table loses it alone. To forget is always safe: what still comes for the session is refused as
 * expired, for its name is never given again.
 *
 * <p>A command costs one look-up in a hash table; so does each session forgotten.
 */
public final class Sessions {
  private static final SessionLimits BEFORE_THE_FIRST = new SessionLimits(1, 1, 1, 1);

  /** The longest unheard first: each look-up moves a session to the end. */
  private final Map<SessionId, Session> unheard = new LinkedHashMap<>(16, 0.75f, true);

  private SessionLimits limits;
  private long clock;
  private long replyBytes;
  private SerialNumber due;
  private Session dueIn;

  public Sessions() {
    this(0, BEFORE_THE_FIRST);
  }

  Sessions(long clock, SessionLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  /** The latest time-stamp in the log so far, in milliseconds. */
  public long clock() {
    return clock;
  }

  public SessionLimits limits() {
    return limits;
  }

  public int size() {
    return unheard.size();
  }

  /** What the remembered replies take, overhead included. */
  public long replyBytes() {
    return replyBytes;
  }

  /**
   * Opens a session. Sent twice, the request opens two; the one that nobody uses expires.
   *
   * @param index of the entry that says so
   * @param limits the leader's, in force from now on
   * @param stamp the leader's time, in milliseconds
   */
  public SessionId open(LogIndex index, SessionLimits limits, long stamp) {
    this.limits = limits;
    advance(stamp);
    var id = new SessionId(index);
    add(new Session(id, clock, new Replies(1)));
    forgetWhatIsTooMuch();
    return id;
  }

  /**
   * Says what to do with a command. For {@link Decision.Kind#APPLY} the next call is {@link
   * #applied}.
   */
  public Decision decide(SerialNumber number, long stamp) {
    var session = hear(number.session(), number.lowestUnanswered(), stamp);
    if (session == null) {
      return Decision.EXPIRED;
    }
    var replies = session.replies();
    if (number.sequence() < replies.lowest()) {
      return Decision.STALE;
    }
    var reply = replies.reply(number.sequence());
    if (reply != null) {
      return Decision.already(reply);
    }
    if (number.sequence() - replies.lowest() >= limits.maxInFlight()) {
      return Decision.TOO_FAR_AHEAD;
    }
    due = number;
    dueIn = session;
    return Decision.APPLY;
  }

  /**
   * Remembers what came of a command that was to be applied.
   *
   * @param reply also when the state machine threw: then what says so. Kept as it is, so the array
   *     should hold little else
   */
  public void applied(SerialNumber number, Bytes reply) {
    if (!number.equals(due)) {
      throw new IllegalStateException(number + " was applied, but due was " + due + ".");
    }
    replyBytes -= dueIn.replies().bytes();
    dueIn.replies().remember(number.sequence(), reply);
    replyBytes += dueIn.replies().bytes();
    if (dueIn.replies().bytes() > limits.maxReplyBytes()) {
      forget(dueIn); // Else it would cost all the others theirs first, and then be forgotten too.
    }
    due = null;
    dueIn = null;
    forgetWhatIsTooMuch();
  }

  /**
   * The client lives and has nothing to propose.
   *
   * @return whether its session does too
   */
  public boolean keepAlive(SessionId id, long lowestUnanswered, long stamp) {
    return hear(id, lowestUnanswered, stamp) != null;
  }

  /** The client goes, and will not send anything again. Sent twice, it is closed once. */
  public void close(SessionId id, long stamp) {
    advance(stamp);
    var session = unheard.get(id);
    if (session != null) {
      forget(session);
    }
  }

  /** Any other entry that carries a time-stamp moves the clock too, and may expire sessions. */
  public void advance(long stamp) {
    checkNothingIsDue();
    clock = Math.max(clock, stamp);
    while (!unheard.isEmpty() && clock - eldest().lastHeard() >= limits.expireAfter()) {
      forget(eldest());
    }
  }

  /** Everything, for a snapshot (§7): the same bytes on every peer that has applied as much. */
  public Bytes encode() {
    checkNothingIsDue();
    return SessionsFormat.encode(this);
  }

  /**
   * Reads what {@link #encode} gave. Nothing of {@code encoded} is kept.
   *
   * @throws IllegalArgumentException when the bytes are not a table of sessions
   */
  public static Sessions decode(Bytes encoded) {
    return SessionsFormat.decode(encoded);
  }

  /** The longest unheard first. */
  Collection<Session> all() {
    return Collections.unmodifiableCollection(unheard.values());
  }

  boolean has(SessionId id) {
    return unheard.containsKey(id);
  }

  void add(Session session) {
    if (has(session.id())) {
      throw new IllegalStateException("Session " + session.id() + " was opened before.");
    }
    unheard.put(session.id(), session);
    replyBytes += session.replies().bytes();
  }

  private Session hear(SessionId id, long lowestUnanswered, long stamp) {
    advance(stamp);
    var session = unheard.get(id);
    if (session != null) {
      session.heard(clock);
      replyBytes -= session.replies().bytes();
      session.replies().discardBelow(lowestUnanswered);
      replyBytes += session.replies().bytes();
    }
    return session;
  }

  private void forgetWhatIsTooMuch() {
    while (size() > limits.maxSessions() || replyBytes > limits.maxReplyBytes()) {
      forget(eldest());
    }
  }

  private Session eldest() {
    return unheard.values().iterator().next();
  }

  private void forget(Session session) {
    unheard.remove(session.id());
    replyBytes -= session.replies().bytes();
  }

  private void checkNothingIsDue() {
    if (due != null) {
      throw new IllegalStateException(due + " was to be applied first.");
    }
  }
}
