package io.pekkoraft.role;

import io.pekkoraft.Answered;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.CloseSession;
import io.pekkoraft.protocol.ClientMessage.KeepAlive;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.SessionRequest;
import io.pekkoraft.session.LeaderClock;
import io.pekkoraft.session.SessionEntry;
import java.util.Optional;
import org.apache.pekko.pattern.StatusReply;

/**
 * The sessions of a leader's clients (thesis §6.3): it stamps what they say with the log's time and
 * takes it into the log; what becomes of it is decided where it is applied, on every peer alike.
 */
final class LeaderSessions {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Peer peer;
  private final LeaderCommands commands;
  private final LogIndex firstOwn;
  private Optional<LeaderClock> clock = Optional.empty();

  /** Made before the leader appends its first entry. */
  LeaderSessions(Peer peer, LeaderCommands commands) {
    this.peer = peer;
    this.commands = commands;
    this.firstOwn = peer.log().lastIndex().next();
  }

  /**
   * The leader knows the log's time once it has applied all that was there before it. A peer that
   * has just recovered would else begin at the very first, and no time would pass for as long as
   * the log is old.
   */
  void applied(LogIndex index) {
    if (clock.isEmpty() && index.isAtLeast(firstOwn)) {
      clock = Optional.of(new LeaderClock(peer.applier().sessions().clock(), millis()));
    }
  }

  private long millis() {
    return peer.nanoTime() / NANOS_PER_MILLI;
  }

  private long stamp() {
    return clock.map(c -> c.stamp(millis())).orElseGet(peer.applier().sessions()::clock);
  }

  /**
   * @param successor to whom the office is being handed over, if it is
   */
  void take(SessionRequest<?> request, Optional<PeerId> successor) {
    commands.take(
        request,
        successor,
        () -> entry(request).in(peer.term()),
        request instanceof ProposeOnce ? LeaderSessions::answered : LeaderCommands::reply);
  }

  private SessionEntry entry(SessionRequest<?> request) {
    if (request instanceof ProposeOnce<?, ?> once) {
      return new SessionEntry.Command(once.number(), stamp(), commands.encode(once.command()));
    }
    if (request instanceof KeepAlive alive) {
      return new SessionEntry.KeepAlive(alive.session(), alive.lowestUnanswered(), stamp());
    }
    if (request instanceof CloseSession close) {
      return new SessionEntry.Close(close.session(), stamp());
    }
    return new SessionEntry.Open(peer.settings().sessions().limits(), stamp());
  }

  private static StatusReply<Object> answered(LogIndex index, Outcome outcome) {
    return outcome.failure() == null
        ? StatusReply.success(new Answered<>(outcome.result(), index))
        : StatusReply.error(outcome.failure());
  }
}
