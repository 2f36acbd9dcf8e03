package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandContext;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.sharding.Account.Changed;
import io.pekkoraft.sharding.Account.Strange;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupResult.Persisted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a peer makes of events that others may be able to apply. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntitiesMachineTest {
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final Serialization serialization = SerializationExtension.get(kit.system());
  private final Packing packing = new Packing(serialization);
  private final byte[] event = packing.pack(new Changed(1, 0));

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private EntitiesMachine machine(BiFunction<Object, Object, Object> events) {
    return new EntitiesMachine(
        id ->
            new EntityLogic<Object, Object, Object>(
                new Account.Balance(0, 0), (state, command) -> null, events),
        serialization,
        1);
  }

  private static Entities apply(EntitiesMachine machine, Entities before, String id, byte[] event) {
    var effect =
        machine
            .commandHandler()
            .handle(
                new CommandContext(LogIndex.of(1), Term.of(1)),
                before,
                new Persist(id, before.stamp(id), 1, List.of(event)));
    assertThat(effect.result()).isInstanceOf(Persisted.class);
    return effect.newState().orElseThrow();
  }

  @Test
  @DisplayName("an event of a class that is not here stops the peer: another one may have it")
  void unknownEvent() {
    var machine = machine((state, event) -> state);
    var unknown =
        new String(event, StandardCharsets.ISO_8859_1)
            .replace("Account$Changed", "Account$Chanced")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> apply(machine, machine.emptyState(), "a", unknown))
        .isInstanceOf(EntitiesMachine.NotApplicable.class)
        .isNotInstanceOfAny(Exception.class, AssertionError.class, LinkageError.class)
        .hasMessageContaining("entity a");
  }

  @Test
  @DisplayName("so does one that the event handler here throws at: where it was decided it did not")
  void unknownToTheHandler() {
    var machine =
        machine(
            (state, event) -> {
              throw new IllegalArgumentException("What is that?");
            });
    assertThatThrownBy(() -> apply(machine, machine.emptyState(), "a", event))
        .isInstanceOf(EntitiesMachine.NotApplicable.class)
        .hasMessageContaining("What is that?");
  }

  @Test
  @DisplayName("so does a state from a snapshot that is not to be read here")
  void unknownState() {
    var machine = machine((state, event) -> state);
    var packed = machine.emptyState().withPacked("a", new Stamp(3, 1), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> apply(machine, packed, "a", event))
        .isInstanceOf(EntitiesMachine.NotApplicable.class);
  }

  @Test
  @DisplayName("a state that can't be packed stays as it is, and is in nobody's way")
  void keepsWhatCannotBePacked() {
    var machine = machine((state, event) -> new Strange());
    var one = apply(machine, machine.emptyState(), "a", event);
    var two = apply(machine, one, "b", event);
    assertThat(two.find("a")).map(Entities.Kept::state).contains(new Strange());
  }
}
