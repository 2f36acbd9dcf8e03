package io.pekkoraft.demo;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.pekkoraft.CborSerializable;
import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.serialization.Serialization;
import org.pcollections.TreePMap;

/**
 * Keys and their values. The version of a key is the index of the log entry that wrote it last: the
 * same on every peer, never used twice, not even by a key that was removed and put again. So a
 * write that depends on a version is a compare-and-set.
 */
public final class KeyValue
    extends StateMachine<KeyValue.Command, KeyValue.Result, TreePMap<String, KeyValue.Versioned>> {

  /** What clients ask for. */
  public sealed interface Command extends CborSerializable {
    String key();
  }

  /**
   * Creates or replaces a key, if all of {@code conditions} hold.
   *
   * @param value belongs to the command; nobody changes it any more
   */
  public record Put(String key, byte[] value, List<Condition> conditions) implements Command {
    public Put {
      conditions = List.copyOf(conditions);
    }
  }

  /** Removes a key that is there, if all of {@code conditions} hold. */
  public record Remove(String key, List<Condition> conditions) implements Command {
    public Remove {
      conditions = List.copyOf(conditions);
    }
  }

  /** Looks, and changes nothing. */
  public record Get(String key) implements Command {}

  /**
   * A write that takes effect once, however often it is sent under its key.
   *
   * @param fingerprint of {@code command}; another one under the same key is another request
   */
  public record Once(
      String idempotencyKey,
      String fingerprint,
      @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "does")
          @JsonSubTypes({
            @JsonSubTypes.Type(value = Put.class, name = "put"),
            @JsonSubTypes.Type(value = Remove.class, name = "remove")
          })
          Command command)
      implements Command {
    @Override
    public String key() {
      return command.key();
    }
  }

  /** What they get back. */
  public sealed interface Result extends CborSerializable {}

  /** The key was not there, and is now. */
  public record Created(long version) implements Result {}

  /** The key has a new value. */
  public record Replaced(long version) implements Result {}

  /** The key is gone. */
  public record Removed() implements Result {}

  /** The key's value, which nobody changes. */
  public record Found(byte[] value, long version) implements Result {}

  /** The key is not there, and whatever was asked, nothing was done. */
  public record Missing() implements Result {}

  /**
   * A condition does not hold, so nothing was done.
   *
   * @param version of the key, empty when it is not there
   */
  public record PreconditionFailed(OptionalLong version) implements Result {}

  /** The idempotency key was used for another request, and nothing was done. */
  public record OtherRequest() implements Result {}

  /** A value and the index of the entry that wrote it. */
  public record Versioned(byte[] value, long version) {}

  @Override
  public TreePMap<String, Versioned> emptyState() {
    return TreePMap.empty();
  }

  @Override
  public CommandHandler<Command, Result, TreePMap<String, Versioned>> commandHandler() {
    return newCommandHandlerBuilder()
        .onCommand(Put.class, this::put)
        .onCommand(Remove.class, this::remove)
        .onCommand(Get.class, (state, get) -> Effect().reply(look(state, get)))
        .build();
  }

  private Effect<Result, TreePMap<String, Versioned>> put(
      CommandContext context, TreePMap<String, Versioned> state, Put put) {
    var version = versionOf(state, put.key());
    if (!Condition.allHold(put.conditions(), version)) {
      return Effect().reply(new PreconditionFailed(version));
    }
    var written = context.index().value();
    return Effect()
        .set(state.plus(put.key(), new Versioned(put.value(), written)))
        .thenReply(version.isEmpty() ? new Created(written) : new Replaced(written));
  }

  private Effect<Result, TreePMap<String, Versioned>> remove(
      CommandContext context, TreePMap<String, Versioned> state, Remove remove) {
    var version = versionOf(state, remove.key());
    if (version.isEmpty()) {
      return Effect().reply(new Missing());
    }
    if (!Condition.allHold(remove.conditions(), version)) {
      return Effect().reply(new PreconditionFailed(version));
    }
    return Effect().set(state.minus(remove.key())).thenReply(new Removed());
  }

  private static Result look(TreePMap<String, Versioned> state, Get get) {
    var found = state.get(get.key());
    return found == null ? new Missing() : new Found(found.value(), found.version());
  }

  private static OptionalLong versionOf(TreePMap<String, Versioned> state, String key) {
    var found = state.get(key);
    return found == null ? OptionalLong.empty() : OptionalLong.of(found.version());
  }

  @Override
  public SnapshotFormat<TreePMap<String, Versioned>> snapshotFormat(Serialization serialization) {
    return new KeyValueFormat();
  }
}
