package io.pekkoraft.sharding;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a type of entities, and the type of their commands.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code -} or {@code _}; it begins the names of
 *     the type's groups, and so of their journals
 */
public record EntityTypeKey<Command>(Class<Command> commands, String name) {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public EntityTypeKey {
    Objects.requireNonNull(commands, "The class of the commands is null.");
    if (!LEGAL.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name of a type of entities is 1 to 64 letters, digits, '.', '-' or '_', but was \""
              + name
              + "\".");
    }
  }

  public static <Command> EntityTypeKey<Command> create(Class<Command> commands, String name) {
    return new EntityTypeKey<>(commands, name);
  }
}
