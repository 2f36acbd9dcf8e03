package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.MDC;

/**
 * Says what happens to a peer, to whoever listens and in the log. Each line has the peer in its
 * context: {@code group}, {@code peer}, {@code role} and {@code term}. They are set around the line
 * and not around each message, of which there are some hundred thousand for one line.
 */
final class Herald {
  private static final List<String> CONTEXT = List.of("group", "peer", "role", "term");

  private final ActorContext<?> context;
  private final PeerSetup setup;
  private final Supplier<?> term;
  private RaftStatus.Role role = RaftStatus.Role.RECOVERING;

  Herald(ActorContext<?> context, PeerSetup setup, Supplier<?> term) {
    this.context = context;
    this.setup = setup;
    this.term = term;
  }

  String group() {
    return setup.group();
  }

  PeerId peer() {
    return setup.id();
  }

  void enters(RaftStatus.Role next) {
    role = next;
  }

  void tell(RaftEvent event) {
    log(
        line -> {
          if (event.isTrouble()) {
            line.warn("{}/{} {}", group(), peer(), event.inWords());
          } else if (line.isInfoEnabled()) {
            line.info("{}/{} {}", group(), peer(), event.inWords());
          }
        });
    setup.environment().events().accept(event);
  }

  void log(Consumer<Logger> line) {
    MDC.put("group", group());
    MDC.put("peer", peer().value());
    MDC.put("role", role.name());
    MDC.put("term", term.get().toString());
    try {
      line.accept(context.getLog());
    } finally {
      CONTEXT.forEach(MDC::remove);
    }
  }
}
