package io.pekkoraft.demo;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.OptionalLong;

/** What must hold of a key's version for a command to be carried out. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Condition.Present.class, name = "present"),
  @JsonSubTypes.Type(value = Condition.Absent.class, name = "absent"),
  @JsonSubTypes.Type(value = Condition.OneOf.class, name = "oneOf"),
  @JsonSubTypes.Type(value = Condition.NoneOf.class, name = "noneOf")
})
public sealed interface Condition {
  /**
   * @param version of the key, empty when it is not there
   */
  boolean holdsFor(OptionalLong version);

  static boolean allHold(List<Condition> conditions, OptionalLong version) {
    return conditions.stream().allMatch(condition -> condition.holdsFor(version));
  }

  /** The key is there, in whatever version. */
  record Present() implements Condition {
    @Override
    public boolean holdsFor(OptionalLong version) {
      return version.isPresent();
    }
  }

  /** The key is not there. */
  record Absent() implements Condition {
    @Override
    public boolean holdsFor(OptionalLong version) {
      return version.isEmpty();
    }
  }

  /** The key is there in one of these versions. With none of them, it never holds. */
  record OneOf(List<Long> versions) implements Condition {
    public OneOf {
      versions = List.copyOf(versions);
    }

    @Override
    public boolean holdsFor(OptionalLong version) {
      return version.isPresent() && versions.contains(version.getAsLong());
    }
  }

  /** The key is not there, or in another version than these. */
  record NoneOf(List<Long> versions) implements Condition {
    public NoneOf {
      versions = List.copyOf(versions);
    }

    @Override
    public boolean holdsFor(OptionalLong version) {
      return version.isEmpty() || !versions.contains(version.getAsLong());
    }
  }
}
