package io.pekkoraft.protocol;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whether the other peers are there, as far as can be told without a word from themselves: one look
 * at a process serves all the groups in it. A group that is quiet relies on it to notice soon that
 * its leader is gone; nothing that was promised relies on it, so it may be late, or wrong.
 *
 * <p>Belongs to one peer, which alone calls it; it never blocks and never throws.
 */
public interface Neighbours {
  /** Where nobody can tell: groups never go quiet. */
  Neighbours UNKNOWN =
      new Neighbours() {
        @Override
        public OptionalLong life(PeerId peer) {
          return OptionalLong.empty();
        }

        @Override
        public void watch(PeerId peer, long life, ActorRef<? super NeighbourGone> self) {
          self.tell(new NeighbourGone(peer, life));
        }

        @Override
        public void forget() {}
      };

  /**
   * In which life a peer is: another number each time that it, or its process, was started. Empty
   * if it is not there, or nothing was heard of it lately.
   */
  OptionalLong life(PeerId peer);

  /**
   * Tells {@code self} as soon as {@code peer} is not in this life any more, at once if it is not
   * now; besides what is watched already. It may be told more than once, and too early; whoever
   * tells all the groups of a process at once may leave some milliseconds between them.
   */
  void watch(PeerId peer, long life, ActorRef<? super NeighbourGone> self);

  /** Nothing is to be told any more, of anybody. */
  void forget();
}
