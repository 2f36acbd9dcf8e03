package io.pekkoraft.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code GET /raft/events}: what happens, as server-sent events. {@code Last-Event-ID} names the
 * last {@code event} that the client has heard, and it gets those after it, as far as they are
 * kept.
 */
final class EventsRoute extends AllDirectives {
  /** Below any proxy's and Pekko's own patience with a connection that says nothing. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** A name of ours is short; what is not is none of ours. */
  private static final int MOST_CHARACTERS = 64;

  private final ActorRef<Lookout.Message> lookout;
  private final int buffer;

  /**
   * @param buffer how much may wait for one client
   */
  EventsRoute(ActorRef<Lookout.Message> lookout, int buffer) {
    this.lookout = lookout;
    this.buffer = buffer;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("events"),
        () -> get(() -> optionalHeaderValueByName("Last-Event-ID", this::events)));
  }

  private Route events(Optional<String> last) {
    var after = last.filter(name -> name.length() <= MOST_CHARACTERS);
    return respondWithHeaders(
        List.of(
            RawHeader.create("Cache-Control", "no-store"),
            RawHeader.create("X-Accel-Buffering", "no")),
        () -> completeOK(source(after), EventStreamMarshalling.toEventStream()));
  }

  /** The lookout hears of it when it flows, and not before. */
  private Source<ServerSentEvent, NotUsed> source(Optional<String> after) {
    return Source.<ServerSentEvent>queue(buffer)
        .mapMaterializedValue(
            queue -> {
              lookout.tell(new Lookout.Watch(queue, after));
              return NotUsed.getInstance();
            })
        .keepAlive(HEARTBEAT, ServerSentEvent::heartbeat);
  }
}
