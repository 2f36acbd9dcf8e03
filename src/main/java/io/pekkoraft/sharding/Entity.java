package io.pekkoraft.sharding;

import java.util.Objects;
import java.util.function.Function;

/**
 * A type of entities, for {@link RaftSharding#init}.
 *
 * @param create makes what an entity is written as; called often, so it should be cheap
 */
public record Entity<Command>(
    EntityTypeKey<Command> typeKey,
    Function<EntityContext<Command>, ? extends ReplicatedEntity<Command, ?, ?>> create) {
  public Entity {
    Objects.requireNonNull(typeKey, "The type of the entities is null.");
    Objects.requireNonNull(create, "Nothing makes the entities.");
  }

  public static <Command> Entity<Command> of(
      EntityTypeKey<Command> typeKey,
      Function<EntityContext<Command>, ? extends ReplicatedEntity<Command, ?, ?>> create) {
    return new Entity<>(typeKey, create);
  }
}
