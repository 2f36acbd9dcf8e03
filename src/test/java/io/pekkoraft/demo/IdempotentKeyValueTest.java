package io.pekkoraft.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandContext;
import io.pekkoraft.demo.IdempotentKeyValue.State;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Created;
import io.pekkoraft.demo.KeyValue.Get;
import io.pekkoraft.demo.KeyValue.Missing;
import io.pekkoraft.demo.KeyValue.Once;
import io.pekkoraft.demo.KeyValue.OtherRequest;
import io.pekkoraft.demo.KeyValue.PreconditionFailed;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Remove;
import io.pekkoraft.demo.KeyValue.Removed;
import io.pekkoraft.demo.KeyValue.Replaced;
import io.pekkoraft.demo.KeyValue.Result;
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

class IdempotentKeyValueTest {
  private final IdempotentKeyValue machine = new IdempotentKeyValue();
  private State state = machine.emptyState();

  private Result apply(long index, Command command) {
    var context = new CommandContext(LogIndex.of(index), Term.of(1));
    var effect = machine.commandHandler().handle(context, state, command);
    state = effect.newState().orElse(state);
    return effect.result();
  }

  private static Put put(String key, String value) {
    return new Put(key, value.getBytes(UTF_8), List.of());
  }

  private static Once once(String key, Command command) {
    return new Once(key, Fingerprint.of(command), command);
  }

  @Test
  @DisplayName("a write under a key is done once; without one, each time")
  void once() {
    assertThat(apply(1, once("a", put("k", "1")))).isEqualTo(new Created(1));
    assertThat(apply(2, once("a", put("k", "1")))).isEqualTo(new Created(1));
    assertThat(apply(3, once("a", put("k", "2")))).isEqualTo(new OtherRequest());
    assertThat(apply(4, put("k", "2"))).isEqualTo(new Replaced(4));
    assertThat(apply(5, put("k", "2"))).isEqualTo(new Replaced(5));
  }

  @Test
  @DisplayName("a read, and a write that is answered from memory, leave the state as it is")
  void looksOnly() {
    apply(1, once("a", put("k", "1")));
    var before = state;
    apply(2, once("a", put("k", "1")));
    apply(3, new Get("k"));
    assertThat(state).isSameAs(before);
  }

  @Test
  @DisplayName("so many answers are remembered; the oldest makes room")
  void bound() {
    for (var index = 1; index <= RememberedAnswers.MOST + 1; index++) {
      apply(index, once("key-" + index, put("k", "v")));
    }
    assertThat(state.answers().byKey()).hasSize(RememberedAnswers.MOST);
    assertThat(state.answers().byAge()).hasSize(RememberedAnswers.MOST);
    assertThat(state.answers().to("key-1")).isEmpty();
    assertThat(state.answers().to("key-2")).isPresent();
  }

  @Test
  @DisplayName("§7 a snapshot holds the answers, too")
  void snapshots() throws IOException {
    apply(1, once("a", put("k", "1")));
    apply(2, once("b", put("k", "2")));
    apply(3, once("c", new Remove("k", List.of(new Condition.OneOf(List.of(9L))))));
    apply(4, once("d", new Remove("k", List.of())));
    apply(5, once("e", new Remove("k", List.of())));
    apply(6, once("f", new Put("k", new byte[0], List.of(new Condition.Present()))));
    var format = machine.snapshotFormat(null);
    var out = new ByteArrayOutputStream();
    format.write(state, out);
    var read = format.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(read.answers()).isEqualTo(state.answers());
    assertThat(read.answers().byKey().values().stream().map(RememberedAnswers.Answer::result))
        .containsExactly(
            new Created(1),
            new Replaced(2),
            new PreconditionFailed(OptionalLong.of(2)),
            new Removed(),
            new Missing(),
            new PreconditionFailed(OptionalLong.empty()));
    var cut = new ByteArrayInputStream(out.toByteArray(), 0, out.size() - 1);
    assertThatThrownBy(() -> format.read(cut)).isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("the command passes its serializer, and what it was told")
  void serializes() {
    var kit = ActorTestKit.create("once", ConfigFactory.load("in-memory.conf"));
    try {
      var serialization = new SerializationTestKit(kit.system());
      serialization.verifySerialization(
          once("a", new Remove("k", List.of(new Condition.Present()))), true);
      var read = serialization.verifySerialization(once("a", put("k", "1")), false);
      assertThat(((Put) read.command()).value()).containsExactly('1');
      serialization.verifySerialization(new OtherRequest(), true);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
