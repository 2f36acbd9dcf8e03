package io.pekkoraft.demo;

import io.pekkoraft.http.EntityTag;
import io.pekkoraft.http.EntityTags;
import io.pekkoraft.http.Preconditions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Versions as entity tags, and what HTTP's preconditions say about versions. */
final class VersionTags {
  private VersionTags() {}

  static EntityTag tag(long version) {
    return EntityTag.strong(Long.toString(version));
  }

  static List<Condition> conditions(Preconditions preconditions) {
    var conditions = new ArrayList<Condition>();
    preconditions.ifMatch().map(VersionTags::ifMatch).ifPresent(conditions::add);
    preconditions.ifNoneMatch().map(VersionTags::ifNoneMatch).ifPresent(conditions::add);
    return conditions;
  }

  /** Compares strongly: a weak tag equals none (RFC 9110 §13.1.1). */
  static Condition ifMatch(EntityTags tags) {
    return tags.any()
        ? new Condition.Present()
        : new Condition.OneOf(versions(tags.tags().stream().filter(tag -> !tag.weak())));
  }

  /** Compares weakly: a weak tag counts like the strong one (RFC 9110 §13.1.2). */
  static Condition ifNoneMatch(EntityTags tags) {
    return tags.any()
        ? new Condition.Absent()
        : new Condition.NoneOf(versions(tags.tags().stream()));
  }

  /** A tag that this server never made equals no version, so it may be left out. */
  private static List<Long> versions(Stream<EntityTag> tags) {
    return tags.map(EntityTag::opaque).flatMap(VersionTags::version).toList();
  }

  private static Stream<Long> version(String opaque) {
    try {
      var version = Long.parseLong(opaque);
      return tag(version).opaque().equals(opaque) ? Stream.of(version) : Stream.empty();
    } catch (NumberFormatException notOurs) {
      return Stream.empty();
    }
  }
}
