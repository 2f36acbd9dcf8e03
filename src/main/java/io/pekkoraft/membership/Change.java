package io.pekkoraft.membership;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an operator asks for. It takes effect as a whole or not at all.
 *
 * @param add shall vote: newcomers, or learners that are promoted
 * @param remove shall get the log no more, whether voters or learners
 * @param learners shall get the log and not vote: newcomers, or voters that are demoted
 * @param from the version that it starts from: were it another by now, the operator would have
 *     decided on what is no longer so
 */
public record Change(
    SortedSet<PeerId> add, SortedSet<PeerId> remove, SortedSet<PeerId> learners, LogIndex from) {
  public Change {
    add = PeerId.sorted(add);
    remove = PeerId.sorted(remove);
    learners = PeerId.sorted(learners);
  }

  void requireEachPeerOnce() {
    var named = new TreeSet<PeerId>();
    Stream.of(add, remove, learners)
        .flatMap(SortedSet::stream)
        .forEach(
            peer -> {
              if (!named.add(peer)) {
                throw new ChangeRefused(
                    ChangeRefused.Reason.NAMED_TWICE,
                    "Peer " + peer + " can become one thing only: " + this + ".");
              }
            });
    if (named.isEmpty()) {
      throw new ChangeRefused(ChangeRefused.Reason.EMPTY, "The change names no peer.");
    }
  }
}
