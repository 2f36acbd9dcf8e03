package io.pekkoraft.dashboard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;

/**
 * The last events of a group, each with a name, so that a page that comes back gets what it missed.
 */
final class PastEvents {
  private final String run;
  private final int most;
  private final Deque<ServerSentEvent> events = new ArrayDeque<>();
  private long last;

  /**
   * @param run tells the names of this process from those of the one before it
   * @param most that are kept
   */
  PastEvents(String run, int most) {
    this.run = run;
    this.most = most;
  }

  /** Keeps an event, under the next name. */
  ServerSentEvent add(String data) {
    last++;
    var event =
        ServerSentEvent.create(
            data, Optional.of("event"), Optional.of(run + "-" + last), OptionalInt.empty());
    events.addLast(event);
    if (events.size() > most) {
      events.removeFirst();
    }
    return event;
  }

  /**
   * @param missed how many came after the named one that are not kept any more
   */
  record Since(List<ServerSentEvent> events, long missed) {}

  /** All that came after the event of this name; all that are kept, if it is none of these. */
  Since since(Optional<String> name) {
    var known = name.filter(id -> id.startsWith(run + "-")).flatMap(this::number);
    var all = List.copyOf(events);
    if (known.isEmpty()) {
      return new Since(all, 0);
    }
    var after = Math.max(0, last - known.get());
    var kept = (int) Math.min(after, all.size());
    return new Since(all.subList(all.size() - kept, all.size()), after - kept);
  }

  private Optional<Long> number(String name) {
    try {
      return Optional.of(Long.parseLong(name.substring(run.length() + 1)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
