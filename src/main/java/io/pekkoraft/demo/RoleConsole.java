package io.pekkoraft.demo;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.RoleChanged;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Writes a line for each change of a peer's role. It listens from the beginning, but waits with its
 * first line until it is told to begin, so that the banner comes first.
 */
final class RoleConsole {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final int MAX_WAITING = 1000;

  private RoleConsole() {}

  sealed interface Message {}

  record Begin() implements Message {}

  private record Heard(Optional<String> line) implements Message {}

  /**
   * @param words for an event; empty for one that is not written
   */
  static Behavior<Message> create(
      Consumer<String> console, Function<RaftEvent, Optional<String>> words) {
    return Behaviors.setup(
        context -> {
          var adapter =
              context.messageAdapter(
                  RaftEvent.class,
                  event ->
                      new Heard(
                          words
                              .apply(event)
                              .map(line -> LocalTime.now().format(TIME) + "  " + line)));
          context
              .getSystem()
              .eventStream()
              .tell(new EventStream.Subscribe<>(RaftEvent.class, adapter));
          return waiting(console);
        });
  }

  private static Behavior<Message> waiting(Consumer<String> console) {
    return Behaviors.withStash(
        MAX_WAITING,
        stash ->
            Behaviors.receive(Message.class)
                .onMessage(
                    Heard.class,
                    heard -> {
                      stash.stash(heard);
                      return Behaviors.same();
                    })
                .onMessage(Begin.class, begin -> stash.unstashAll(writing(console)))
                .build());
  }

  private static Behavior<Message> writing(Consumer<String> console) {
    return Behaviors.receive(Message.class)
        .onMessage(
            Heard.class,
            heard -> {
              heard.line().ifPresent(console);
              return Behaviors.same();
            })
        .build();
  }

  static String line(RaftEvent event) {
    return event instanceof RoleChanged changed
        ? line(changed)
        : event.peer() + " " + event.inWords();
  }

  private static String line(RoleChanged changed) {
    var what =
        switch (changed.role()) {
          case RECOVERING -> "reads its journal";
          case FOLLOWER ->
              changed.leader().map(leader -> "follows " + leader).orElse("waits for a leader");
          case PRE_CANDIDATE -> "hears no leader and asks whether it could win an election";
          case CANDIDATE -> "stands for election";
          case LEADER -> "leads";
        };
    return changed.peer() + " " + what + ", term " + changed.term();
  }
}
