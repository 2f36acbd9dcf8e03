package io.pekkoraft.sharding;

import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * The entities of a group: those that changed last with their state as it is, all others as bytes.
 * Immutable.
 *
 * @param groups into how many groups the entities of the type are hashed; 0 while nobody has said,
 *     and in all groups but the first
 * @param recent those that are not bytes, by when they changed last
 * @param changes how often one has changed
 */
record Entities(
    int groups, TreePMap<String, Kept> byId, TreePMap<Long, String> recent, long changes) {
  static final Entities NONE = new Entities(0, TreePMap.empty(), TreePMap.empty(), 0);

  /**
   * One entity.
   *
   * @param state as it is, or as the bytes of a {@link Packed}
   * @param changed what {@code changes} was then
   */
  record Kept(Stamp stamp, Object state, long changed) {}

  /** A state as bytes. */
  record Packed(byte[] bytes) {}

  Entities settledTo(int number) {
    return new Entities(number, byId, recent, changes);
  }

  Optional<Kept> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Stamp stamp(String id) {
    return find(id).map(Kept::stamp).orElse(Stamp.NONE);
  }

  /** An entity has a new state. */
  Entities with(String id, Stamp stamp, Object state) {
    var now = changes + 1;
    var before = byId.get(id);
    var others = before == null ? recent : recent.minus(before.changed());
    return new Entities(
        groups, byId.plus(id, new Kept(stamp, state, now)), others.plus(now, id), now);
  }

  /** An entity that came from a snapshot. */
  Entities withPacked(String id, Stamp stamp, byte[] packed) {
    var kept = new Kept(stamp, new Packed(packed), 0);
    return new Entities(groups, byId.plus(id, kept), recent, changes);
  }

  /**
   * At most so many remain as they are; the others, those that changed longest ago, are packed. One
   * that can't be packed stays, as what was replicated must not depend on it; the next snapshot
   * tells.
   */
  Entities passivated(int limit, Packing packing) {
    var next = this;
    while (next.recent.size() > limit) {
      var oldest = next.recent.firstEntry();
      try {
        next = next.packed(oldest.getKey(), oldest.getValue(), packing);
      } catch (RuntimeException cannotBePacked) {
        return next;
      }
    }
    return next;
  }

  private Entities packed(long changed, String id, Packing packing) {
    var kept = byId.get(id);
    var packed = new Kept(kept.stamp(), new Packed(pack(kept, packing)), changed);
    return new Entities(groups, byId.plus(id, packed), recent.minus(changed), changes);
  }

  static byte[] pack(Kept kept, Packing packing) {
    return kept.state() instanceof Packed packed ? packed.bytes() : packing.pack(kept.state());
  }
}
