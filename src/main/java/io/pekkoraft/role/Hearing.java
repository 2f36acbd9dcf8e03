package io.pekkoraft.role;

import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.Answer;
import io.pekkoraft.protocol.PeerMessage.Disowned;
import java.util.function.BiFunction;

/** Whose word counts at a peer, and in which term (§5.1, §6). */
final class Hearing {
  private final Peer peer;
  private final Transitions become;

  Hearing(Peer peer, Transitions become) {
    this.peer = peer;
    this.become = become;
  }

  /**
   * The rule of terms (§5.1): a newer one makes any peer a follower, which then takes the very
   * message; an older one is told so, or ignored if it is only an answer.
   */
  <M extends PeerMessage> Role hear(
      Role role, M message, BiFunction<Role, M, Role> current, BiFunction<Role, M, Role> stale) {
    if (isDouble(message)) {
      return role;
    }
    if (message.term().isNewerThan(peer.term())) {
      return current.apply(become.toFollower(message.term()), message);
    }
    return peer.term().isNewerThan(message.term())
        ? stale.apply(role, message)
        : current.apply(role, message);
  }

  /**
   * An answer, or a follower's question, counts only if it comes from somebody who belongs to the
   * group as this peer knows it. Requests are heard from anybody: their sender may know a newer
   * configuration than this peer, which must help it to office, or follow it, all the same (§6).
   */
  <M extends PeerMessage> Role hearMember(
      Role role, M message, BiFunction<Role, M, Role> current, BiFunction<Role, M, Role> stale) {
    return isStranger(role, message) ? role : hear(role, message, current, stale);
  }

  boolean isStranger(Role role, PeerMessage message) {
    if (role.belongs(message.from())) {
      return message instanceof Answer answer && isOfAnotherLife(role, answer);
    }
    peer.herald()
        .log(
            line ->
                line.debug("Ignored a message from a peer that is not of the group: {}", message));
    return true;
  }

  /** No peer says anything to itself: somebody else goes by its name. */
  boolean isDouble(PeerMessage message) {
    return message.from().equals(peer.id());
  }

  /** Whoever has lost its disk is told, and not heard, in whatever term it is. */
  private boolean isOfAnotherLife(Role role, Answer answer) {
    if (role.isMet(answer)) {
      return false;
    }
    role.onAnotherLife(answer.from());
    var version = peer.membership().version();
    peer.outbox()
        .now(answer.from(), new Disowned(peer.id(), peer.term(), version, answer.incarnation()));
    return true;
  }
}
