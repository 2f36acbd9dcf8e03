package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandContext;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Changed;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import io.pekkoraft.sharding.EntityDesk.Limits;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupResult.Mismatch;
import io.pekkoraft.sharding.GroupResult.Persisted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.Status;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Desks of one entity, and a group whose answers come when the test says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntityDeskTest {
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final Serialization serialization = SerializationExtension.get(kit.system());
  private final List<Asked> asked = new ArrayList<>();
  private EntitiesMachine machine;
  private Entities entities;
  private long lineages;
  private EntityDesk<Account.Command, Account.Event, Balance> desk;
  private final TestInbox<Object> failures = TestInbox.create();
  private final TestInbox<StatusReply<Balance>> replies = TestInbox.create();

  private record Asked(EntityDesk<?, ?, ?> desk, long serial, GroupCommand command) {}

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void begin() {
    machine = new EntitiesMachine(id -> EntityLogic.of(new Account()), serialization, 1);
    entities = machine.emptyState();
    lineages = 0;
    asked.clear();
    failures.getAllReceived();
    replies.getAllReceived();
    desk = newDesk();
  }

  private EntityDesk<Account.Command, Account.Event, Balance> newDesk() {
    return new EntityDesk<>(
        "a",
        EntityLogic.of(new Account()),
        new Packing(serialization),
        (asking, serial, command) -> asked.add(new Asked(asking, serial, command)),
        () -> ++lineages,
        new Limits(10, 3, 5));
  }

  private void deposits(EntityDesk<?, ?, ?> at, long amount) {
    deliver(at, new Deposit(amount, replies.getRef()));
  }

  private void deliver(EntityDesk<?, ?, ?> at, Account.Command command) {
    at.deliver(Delivery.of("a", command, Asker.of(failures.getRef()), Duration.ofSeconds(5)));
  }

  private GroupResult applied(GroupCommand command) {
    var effect =
        machine
            .commandHandler()
            .handle(new CommandContext(LogIndex.of(1), Term.of(1)), entities, command);
    entities = effect.newState().orElse(entities);
    return effect.result();
  }

  /** The group answers what it was asked first. */
  private GroupResult answersNext() {
    var next = asked.remove(0);
    var result = applied(next.command());
    next.desk().answered(next.serial(), result, null);
    return result;
  }

  @Test
  @DisplayName("when another node leads, who waits goes there; what is under way is answered here")
  void handsOver() {
    var onward = new ArrayList<Delivery>();
    deposits(desk, 1);
    answersAll(); // Loaded, and one deposit is done.
    for (var i = 0; i < 12; i++) {
      deposits(desk, 1); // Ten are decided, two wait.
    }
    desk.handOver(onward::add);
    assertThat(onward).hasSize(2);
    assertThat(desk.isHandedOver()).isFalse();
    answersAll();
    assertThat(onward).hasSize(2);
    assertThat(desk.isHandedOver()).isTrue();
    assertThat(replies.getAllReceived()).hasSize(11);
  }

  @Test
  @DisplayName("what came to nothing while it was handed over is decided anew elsewhere, in order")
  void handsOverWhatCameToNothing() {
    var onward = new ArrayList<Delivery>();
    deposits(desk, 1);
    answersAll();
    deposits(desk, 2);
    deposits(desk, 3);
    desk.handOver(onward::add);
    failsNext(new NotLeader(Optional.empty()));
    assertThat(onward).isEmpty();
    var next = asked.remove(0);
    next.desk().answered(next.serial(), new GroupResult.Mismatch(Stamp.NONE), null);
    assertThat(onward)
        .extracting(delivery -> ((Deposit) delivery.command()).amount())
        .containsExactly(2L, 3L);
    assertThat(desk.isHandedOver()).isTrue();
  }

  @Test
  @DisplayName("a desk that is used again after it was handed over keeps what comes")
  void usedAgain() {
    var onward = new ArrayList<Delivery>();
    desk.handOver(onward::add);
    deposits(desk, 1);
    answersAll();
    assertThat(onward).isEmpty();
    assertThat(replies.receiveMessage().getValue()).isEqualTo(new Balance(1, 1));
  }

  private void failsNext(Throwable failure) {
    var next = asked.remove(0);
    next.desk().answered(next.serial(), null, failure);
  }

  private void answersAll() {
    while (!asked.isEmpty()) {
      answersNext();
    }
  }

  private List<Balance> replied() {
    return replies.getAllReceived().stream().map(StatusReply::getValue).toList();
  }

  private List<Class<?>> failed() {
    return failures.getAllReceived().stream()
        .<Class<?>>map(failure -> ((Status.Failure) failure).cause().getClass())
        .toList();
  }

  @Test
  @DisplayName("a handler sees the events in flight; no reply leaves before its events are there")
  void decidesAhead() {
    deposits(desk, 1);
    deposits(desk, 2);
    answersNext(); // What it looked for.
    assertThat(asked).hasSize(2);
    assertThat(replied()).isEmpty();
    assertThat(answersNext()).isEqualTo(new Persisted(new Stamp(1, 1)));
    assertThat(replied()).containsExactly(new Balance(1, 1));
    assertThat(answersNext()).isEqualTo(new Persisted(new Stamp(2, 1)));
    assertThat(replied()).containsExactly(new Balance(3, 2));
    assertThat(desk.isIdle()).isTrue();
  }

  @Test
  @DisplayName("a read waits for the events it saw, and for a round that begins after it came")
  void readsWait() {
    deposits(desk, 1);
    answersNext();
    deliver(desk, new Get(replies.getRef()));
    assertThat(asked).hasSize(2);
    var read = asked.remove(1);
    read.desk().answered(read.serial(), applied(read.command()), null);
    assertThat(replied()).isEmpty();
    answersNext();
    assertThat(replied()).containsExactly(new Balance(1, 1), new Balance(1, 1));
  }

  @Test
  @DisplayName(
      "what was decided on another leader's past is refused, and decided anew in its order")
  void anotherWasFaster() {
    var other = newDesk();
    deposits(desk, 1);
    deposits(other, 10);
    answersNext();
    answersNext(); // Both have seen the empty state.
    deposits(desk, 2);
    answersNext(); // The first of this desk.
    assertThat(answersNext()).isInstanceOf(Mismatch.class); // The other's.
    answersAll();
    assertThat(replied()).containsExactly(new Balance(1, 1), new Balance(3, 2), new Balance(13, 3));
    assertThat(failed()).isEmpty();
  }

  @Test
  @DisplayName("an event on events that were lost never meets those that took their place")
  void sameVersionOfAnotherLineage() {
    deposits(desk, 1);
    deposits(desk, 2);
    answersNext();
    asked.remove(0); // Lost with its leader.
    var late = asked.remove(0);
    var other = newDesk();
    deposits(other, 10);
    answersAll();
    assertThat(entities.stamp("a").version()).isEqualTo(1);
    assertThat(((Persist) late.command()).base().version()).isEqualTo(1);
    assertThat(applied(late.command())).isInstanceOf(Mismatch.class);
  }

  @Test
  @DisplayName(
      "nobody decides again what may have happened; what came after it, and surely did not, is")
  void unknownIsTold() {
    deposits(desk, 1);
    deposits(desk, 2);
    answersNext();
    failsNext(new OutcomeUnknown("the leader left"));
    assertThat(failed()).isEmpty(); // The second one's answer may yet tell.
    answersAll();
    assertThat(failed()).containsExactly(OutcomeUnknown.class);
    assertThat(replied()).containsExactly(new Balance(2, 1));
  }

  @Test
  @DisplayName("a write that is there shows that those beneath it are")
  void unknownIsResolved() {
    deposits(desk, 1);
    deposits(desk, 2);
    answersNext();
    var first = asked.remove(0);
    applied(first.command());
    first.desk().answered(first.serial(), null, new OutcomeUnknown("no answer in time"));
    answersAll();
    assertThat(failed()).isEmpty();
    assertThat(replied()).containsExactly(new Balance(1, 1), new Balance(3, 2));
  }

  @Test
  @DisplayName("a read on events that came to nothing is decided anew")
  void readOnLostEvents() {
    deposits(desk, 1);
    answersNext();
    deliver(desk, new Get(replies.getRef()));
    failsNext(new OutcomeUnknown("the leader left"));
    answersAll();
    assertThat(failed()).containsExactly(OutcomeUnknown.class);
    assertThat(replied()).containsExactly(new Balance(0, 0));
  }

  @Test
  @DisplayName("while nobody leads commands wait, each as long as its asker, in their order")
  void waitsForALeader() {
    deposits(desk, 1);
    failsNext(new NotLeader(Optional.empty())); // What it looked for.
    answersNext();
    deposits(desk, 2);
    failsNext(new NotLeader(Optional.empty()));
    answersAll();
    assertThat(failed()).isEmpty();
    assertThat(replied()).containsExactly(new Balance(1, 1), new Balance(3, 2));
    desk.deliver(
        Delivery.of(
            "a",
            new Deposit(4, replies.getRef()),
            Asker.of(failures.getRef()),
            Duration.ofNanos(-1)));
    failsNext(new NotLeader(Optional.empty()));
    assertThat(failed()).containsExactly(NotLeader.class);
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("a reply that throws is told to its asker; others go on")
  void replyThatThrows() {
    var events = List.<Account.Event>of(new Changed(1, 0));
    var odd =
        new EntityLogic<Account.Command, Account.Event, Balance>(
            new Balance(0, 0),
            (balance, command) ->
                new ReplyEffect<>(
                    events,
                    after -> {
                      throw new AssertionError("No reply.");
                    }),
            (balance, event) -> balance);
    desk =
        new EntityDesk<>(
            "a",
            odd,
            new Packing(serialization),
            (asking, serial, command) -> asked.add(new Asked(asking, serial, command)),
            () -> ++lineages,
            new Limits(10, 3, 5));
    deposits(desk, 1);
    answersAll();
    assertThat(failed()).containsExactly(CommandFailed.class);
  }

  @Test
  @DisplayName("a command that others forestall each time is refused in the end")
  void givesUp() {
    deposits(desk, 1);
    for (var i = 0; i < 100 && !asked.isEmpty(); i++) {
      if (asked.get(0).command() instanceof Persist) {
        var stamp = entities.stamp("a");
        var packed = new Packing(serialization).pack(new Changed(1, stamp.version()));
        applied(new Persist("a", stamp, -1 - i, List.of(packed)));
      }
      answersNext();
    }
    assertThat(asked).isEmpty();
    assertThat(failed()).containsExactly(Overloaded.class);
  }

  @Test
  @DisplayName("commands beyond the bound are refused; when the group can't be asked, all are told")
  void bounds() {
    for (var i = 0; i < 4; i++) {
      deposits(desk, 1);
    }
    assertThat(failed()).containsExactly(Overloaded.class);
    failsNext(new Overloaded("The log is full."));
    assertThat(failed()).containsExactly(Overloaded.class, Overloaded.class, Overloaded.class);
    assertThat(desk.isIdle()).isTrue();
  }

  @Test
  @DisplayName("§7 a snapshot holds all entities, those that are bytes and those that are not")
  void snapshots() throws Exception {
    var packing = new Packing(serialization);
    for (var id : List.of("a", "b", "c")) {
      applied(new Persist(id, Stamp.NONE, 7, List.of(packing.pack(new Changed(id.charAt(0), 0)))));
    }
    assertThat(entities.recent()).hasSize(1);
    applied(new GroupCommand.Settle(4));
    var out = new ByteArrayOutputStream();
    var format = machine.snapshotFormat(serialization);
    format.write(entities, out);
    entities = format.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(entities.groups()).isEqualTo(4);
    assertThat(entities.byId()).hasSize(3);
    deliver(desk, new Get(replies.getRef()));
    answersAll();
    assertThat(replied()).containsExactly(new Balance('a', 1));
    deposits(desk, 1);
    answersAll();
    assertThat(replied()).containsExactly(new Balance('a' + 1, 2));
  }
}
