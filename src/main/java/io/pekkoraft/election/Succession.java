package io.pekkoraft.election;

import io.pekkoraft.model.PeerId;
import java.util.Set;
import java.util.TreeSet;

/**
 * In which order the voters of a group stand for election when all of them are told that their
 * leader is gone: another order in each group, so that the leaders of many are not all next door.
 * It only saves them from standing at once; who may be elected §5.2 and §5.4.1 say.
 */
public final class Succession {
  private Succession() {}

  /**
   * How many of {@code voters} stand before {@code self}.
   *
   * @param gone who leads no more
   */
  public static int place(String group, Set<PeerId> voters, PeerId gone, PeerId self) {
    var heirs = new TreeSet<>(voters);
    heirs.remove(gone);
    if (!heirs.contains(self)) {
      return heirs.size();
    }
    var first = Math.floorMod(group.hashCode(), heirs.size());
    return Math.floorMod(heirs.headSet(self).size() - first, heirs.size());
  }
}
