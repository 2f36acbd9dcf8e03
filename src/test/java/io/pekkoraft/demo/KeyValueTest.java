package io.pekkoraft.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandContext;
import io.pekkoraft.demo.Condition.Absent;
import io.pekkoraft.demo.Condition.NoneOf;
import io.pekkoraft.demo.Condition.OneOf;
import io.pekkoraft.demo.Condition.Present;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Created;
import io.pekkoraft.demo.KeyValue.Found;
import io.pekkoraft.demo.KeyValue.Get;
import io.pekkoraft.demo.KeyValue.Missing;
import io.pekkoraft.demo.KeyValue.PreconditionFailed;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Remove;
import io.pekkoraft.demo.KeyValue.Removed;
import io.pekkoraft.demo.KeyValue.Replaced;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.demo.KeyValue.Versioned;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class KeyValueTest {
  private final KeyValue machine = new KeyValue();
  private TreePMap<String, Versioned> state = machine.emptyState();

  @Test
  @DisplayName("a key's version is the index of its last write")
  void versions() {
    assertThat(apply(3, put("k", "a"))).isEqualTo(new Created(3));
    assertThat(apply(7, put("k", "b"))).isEqualTo(new Replaced(7));
    found("k", "b", 7);
    assertThat(apply(8, new Remove("k", List.of()))).isEqualTo(new Removed());
    assertThat(apply(9, new Get("k"))).isEqualTo(new Missing());
    assertThat(apply(10, put("k", "c"))).isEqualTo(new Created(10));
  }

  @Test
  @DisplayName("compare-and-set: a write for another version changes nothing")
  void compareAndSet() {
    apply(1, put("k", "a"));
    assertThat(apply(2, put("k", "b", new OneOf(List.of(9L)))))
        .isEqualTo(new PreconditionFailed(OptionalLong.of(1)));
    found("k", "a", 1);
    assertThat(apply(3, put("k", "b", new OneOf(List.of(9L, 1L))))).isEqualTo(new Replaced(3));
    assertThat(apply(4, new Remove("k", List.of(new OneOf(List.of(1L))))))
        .isEqualTo(new PreconditionFailed(OptionalLong.of(3)));
    assertThat(apply(5, new Remove("k", List.of(new Present())))).isEqualTo(new Removed());
  }

  @Test
  @DisplayName("create-only: a key that is there stays as it is")
  void createOnly() {
    assertThat(apply(1, put("k", "a", new Absent()))).isEqualTo(new Created(1));
    assertThat(apply(2, put("k", "b", new Absent())))
        .isEqualTo(new PreconditionFailed(OptionalLong.of(1)));
    found("k", "a", 1);
    assertThat(apply(3, put("other", "c", new Present())))
        .isEqualTo(new PreconditionFailed(OptionalLong.empty()));
  }

  @Test
  @DisplayName("RFC 9110 §13.2.1 to remove what is missing says so, whatever the conditions")
  void removeMissing() {
    assertThat(apply(1, new Remove("k", List.of(new OneOf(List.of(1L)))))).isEqualTo(new Missing());
  }

  @Test
  @DisplayName("commands and results pass their serializer")
  void serializes() {
    var kit = ActorTestKit.create("kv", ConfigFactory.load("in-memory.conf"));
    try {
      var serialization = new SerializationTestKit(kit.system());
      List<Condition> conditions =
          List.of(new Present(), new Absent(), new OneOf(List.of(1L)), new NoneOf(List.of(2L, 3L)));
      assertThat(serialization.verifySerialization(new Remove("k", conditions), true)).isNotNull();
      assertThat(serialization.verifySerialization(new Get("\u00e4 /\u0000"), true)).isNotNull();
      for (var result :
          List.of(
              new Created(1),
              new Replaced(Long.MAX_VALUE),
              new Removed(),
              new Missing(),
              new PreconditionFailed(OptionalLong.of(3)),
              new PreconditionFailed(OptionalLong.empty()))) {
        serialization.verifySerialization(result, true);
      }
      var put = serialization.verifySerialization(put("k", "value", new Absent()), false);
      assertThat(put.value()).isEqualTo("value".getBytes(UTF_8));
      var found = serialization.verifySerialization(new Found(new byte[] {-1, 0}, 2), false);
      assertThat(found.value()).containsExactly(-1, 0);
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  @DisplayName("§7 a snapshot is the same from whichever way the state was reached")
  void snapshots() throws IOException {
    apply(1, put("b", "1"));
    apply(2, put("\u00e4", ""));
    apply(3, put("a", "2"));
    var format = new KeyValueFormat();
    var written = write(format);
    state = format.read(new ByteArrayInputStream(written));
    found("b", "1", 1);
    found("\u00e4", "", 2);
    found("a", "2", 3);
    assertThat(state).hasSize(3);
    assertThat(write(format)).isEqualTo(written);
    assertThatThrownBy(() -> format.read(new ByteArrayInputStream(written, 0, written.length - 1)))
        .isInstanceOf(IOException.class);
  }

  private byte[] write(KeyValueFormat format) throws IOException {
    var out = new ByteArrayOutputStream();
    format.write(state, out);
    return out.toByteArray();
  }

  private Result apply(long index, Command command) {
    var context = new CommandContext(LogIndex.of(index), Term.of(1));
    var effect = machine.commandHandler().handle(context, state, command);
    state = effect.newState().orElse(state);
    return effect.result();
  }

  private void found(String key, String value, long version) {
    assertThat(apply(1000, new Get(key)))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(new String(found.value(), UTF_8)).isEqualTo(value);
              assertThat(found.version()).isEqualTo(version);
            });
  }

  private static Put put(String key, String value, Condition... conditions) {
    return new Put(key, value.getBytes(UTF_8), List.of(conditions));
  }
}
