package io.pekkoraft.testkit;

import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.session.SessionEntry;
import io.pekkoraft.session.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which numbered commands have taken effect, and where in the log: each at one place at most, on
 * whichever peer (thesis §6.3).
 */
final class SessionEffects {
  private final Map<Name, LogIndex> places = new HashMap<>();

  private record Name(SessionId session, long sequence) {}

  /**
   * An entry has reached the state machine of some peer.
   *
   * @return where the same command has taken effect before, if that is another place
   */
  Optional<LogIndex> tookEffect(LogIndex index, Entry entry) {
    if (entry.kind() != Entry.Kind.SESSION_COMMAND) {
      return Optional.empty();
    }
    var number = ((SessionEntry.Command) SessionEntry.of(entry)).number();
    var place = places.putIfAbsent(new Name(number.session(), number.sequence()), index);
    return Optional.ofNullable(place).filter(other -> !other.equals(index));
  }
}
