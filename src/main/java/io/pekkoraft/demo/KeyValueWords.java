package io.pekkoraft.demo;

import io.pekkoraft.demo.KeyValue.Get;
import io.pekkoraft.demo.KeyValue.Once;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Remove;
import java.util.Optional;

/** A command in a few words. Values are not told, only how long they are. */
public final class KeyValueWords {
  private KeyValueWords() {}

  /** Empty for what is no command of {@link KeyValue}. */
  public static Optional<String> of(Object command) {
    if (command instanceof Put put) {
      return Optional.of("put " + put.key() + " (" + put.value().length + " B)");
    }
    if (command instanceof Remove remove) {
      return Optional.of("remove " + remove.key());
    }
    if (command instanceof Get get) {
      return Optional.of("get " + get.key());
    }
    return command instanceof Once once ? of(once.command()) : Optional.empty();
  }
}
