package io.pekkoraft.testkit.linearizability;

import static io.pekkoraft.testkit.linearizability.Operation.NEVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.testkit.linearizability.RegisterTestbed.Add;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Command;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Get;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Load;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Put;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Registers;
import io.pekkoraft.testkit.linearizability.Verdict.Linearizable;
import io.pekkoraft.testkit.linearizability.Verdict.NotLinearizable;
import io.pekkoraft.testkit.linearizability.Verdict.Undecided;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static final Linearizability<Command, Integer> REGISTERS =
      Linearizability.of(new Registers()).perKey(Command::key);

  private final History<Command, Integer> history = new History<>();

  private History<Command, Integer>.Call called(Command command) {
    return history.called("client", command);
  }

  private void done(Command command, int result) {
    called(command).returned(result);
  }

  private void isLinearizable() {
    assertThat(REGISTERS.check(history)).isInstanceOf(Linearizable.class);
  }

  private void cannotExplain(Command culprit) {
    assertThat(REGISTERS.check(history))
        .isInstanceOfSatisfying(
            NotLinearizable.class,
            verdict -> assertThat(verdict.culprit().command()).isEqualTo(culprit));
  }

  @Test
  @DisplayName("nothing at all is linearizable")
  void empty() {
    isLinearizable();
  }

  @Test
  @DisplayName("reads that overlap a write may see it or not, in the order of their own calls")
  void concurrent() {
    var write = called(new Put("x", 1));
    done(new Get("x"), 0);
    var read = called(new Get("x"));
    done(new Get("x"), 1);
    read.returned(0);
    write.returned(0);
    isLinearizable();
  }

  @Test
  @DisplayName("a read that follows a write must see it: no stale reads")
  void staleRead() {
    done(new Put("x", 1), 0);
    done(new Put("x", 2), 0);
    done(new Get("x"), 1);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("what one read has seen, a later one can't have missed, though the write still runs")
  void goesBack() {
    called(new Put("x", 1));
    done(new Get("x"), 1);
    done(new Get("x"), 0);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("two that add to the same sum: one update is lost")
  void lostUpdate() {
    var one = called(new Add("x", 1));
    var other = called(new Add("x", 1));
    one.returned(1);
    other.returned(1);
    cannotExplain(new Add("x", 1));
  }

  @Test
  @DisplayName("nobody reads what nobody wrote")
  void neverWritten() {
    done(new Put("x", 1), 0);
    called(new Put("x", 2)).unknown();
    done(new Get("x"), 3);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("nobody reads what was refused")
  void refused() {
    called(new Put("x", 1)).refused();
    done(new Get("x"), 1);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("an unknown write may take effect late, even after others have come and gone")
  void unknownLate() {
    called(new Put("x", 1)).unknown();
    done(new Put("x", 2), 0);
    done(new Get("x"), 2);
    done(new Get("x"), 1);
    isLinearizable();
  }

  @Test
  @DisplayName("an unknown write may never take effect, nor one that is still on its way")
  void unknownNever() {
    called(new Put("x", 1)).unknown();
    called(new Put("x", 2));
    done(new Get("x"), 0);
    done(new Get("x"), 0);
    isLinearizable();
  }

  @Test
  @DisplayName("an unknown write can't take effect twice")
  void unknownTwice() {
    called(new Put("x", 1)).unknown();
    done(new Get("x"), 1);
    done(new Put("x", 2), 0);
    done(new Get("x"), 1);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("an unknown write can't take effect before it is called")
  void unknownTooEarly() {
    done(new Get("x"), 1);
    called(new Put("x", 1)).unknown();
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("two equal unknown commands are two")
  void equalUnknown() {
    called(new Add("x", 1)).unknown();
    called(new Add("x", 1)).unknown();
    done(new Get("x"), 2);
    isLinearizable();
    done(new Get("x"), 3);
    cannotExplain(new Get("x"));
  }

  @Test
  @DisplayName("each key is judged alone, and the verdict names the key")
  void keys() {
    done(new Put("x", 1), 0);
    done(new Put("y", 2), 0);
    done(new Get("x"), 1);
    done(new Get("y"), 2);
    isLinearizable();
    done(new Get("y"), 0);
    assertThat(REGISTERS.check(history))
        .isInstanceOfSatisfying(
            NotLinearizable.class, verdict -> assertThat(verdict.key()).isEqualTo("y"));
  }

  @Test
  @DisplayName(
      "a failure tells the operation that can't be explained, and what it should have said")
  void explanation() {
    done(new Put("x", 1), 0);
    done(new Get("x"), 5);
    assertThatThrownBy(() -> REGISTERS.requireLinearizable(history))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("key x")
        .hasMessageContaining("client: Put[key=x, value=1] -> 0 (1 to 2)")
        .hasMessageContaining("client: Get[key=x] -> 5 (3 to 4) would be 1");
  }

  @Test
  @DisplayName("a read that would change the state has no result")
  void readThatWrites() {
    history.read("client", new Put("x", 1)).returned(0);
    cannotExplain(new Put("x", 1));
  }

  @Test
  @DisplayName("an unknown read stands for nothing, and in the way of no equal command")
  void unknownRead() {
    history.read("client", new Put("x", 1)).unknown();
    called(new Put("x", 1)).unknown();
    done(new Get("x"), 1);
    isLinearizable();
  }

  @Test
  @DisplayName("who runs out of steps does not know, and that is a failure")
  void undecided() {
    done(new Put("x", 1), 0);
    done(new Get("x"), 1);
    assertThat(REGISTERS.maxSteps(1).check(history)).isInstanceOf(Undecided.class);
    assertThatThrownBy(() -> REGISTERS.maxSteps(1).requireLinearizable(history))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Undecided after 1 steps");
    assertThat(REGISTERS.check(history)).isEqualTo(new Linearizable(2));
  }

  @Test
  @DisplayName("an operation ends once")
  void endsOnce() {
    var call = called(new Get("x"));
    call.unknown();
    assertThatThrownBy(() -> call.returned(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("on small histories, right and wrong ones, it agrees with trying every order")
  void agrees() {
    var linearizable = 0;
    for (var seed = 0; seed < 10_000; seed++) {
      var load = new Load(4 + seed % 5, 2 + seed % 3, 1, 1 + seed % 3, 0.3, seed % 2 * 0.7);
      var small = RegisterTestbed.history(load, seed);
      var expected = EveryOrderTestbed.explains(small.operations(), NEVER - 1);
      var verdict = REGISTERS.check(small);
      assertThat(verdict instanceof Linearizable).as("seed " + seed).isEqualTo(expected);
      if (verdict instanceof NotLinearizable wrong) {
        var until = wrong.culprit().returned();
        assertThat(EveryOrderTestbed.explains(small.operations(), until))
            .as("seed " + seed)
            .isFalse();
        assertThat(EveryOrderTestbed.explains(small.operations(), until - 1))
            .as("seed " + seed)
            .isTrue();
      }
      assertThat(expected || load.wrong() > 0).as("seed " + seed).isTrue();
      linearizable += expected ? 1 : 0;
    }
    assertThat(linearizable).isBetween(5_000, 9_000);
  }

  @Test
  @DisplayName("what it finds is an order that respects calls, returns and results")
  void witness() {
    for (var seed = 0; seed < 20; seed++) {
      var operations =
          RegisterTestbed.history(new Load(1_000, 8, 1, 20, 0.05, 0), seed).operations();
      var search = new Search<>(new Model<>(new Registers()), operations);
      search.run(1_000_000);
      assertThat(search.found()).as("seed " + seed).isTrue();
      var order = search.furthest().operations();
      assertThat(order).doesNotHaveDuplicates();
      assertThat(order).containsAll(operations.stream().filter(o -> !o.isUnknown()).toList());
      var state = new Registers().emptyState();
      var newestCall = 0L;
      for (var operation : order) {
        newestCall = Math.max(newestCall, operation.called());
        assertThat(operation.returned()).isGreaterThan(newestCall);
        state = EveryOrderTestbed.after(state, operation);
        assertThat(state).isNotNull();
      }
    }
  }

  @Test
  @DisplayName("15 000 operations with hundreds of unknown ones are decided in few steps")
  void large() {
    var verdict =
        REGISTERS.check(RegisterTestbed.history(new Load(15_000, 20, 10, 50, 0.05, 0), 1));
    assertThat(verdict).isInstanceOf(Linearizable.class);
    assertThat(verdict.steps()).isLessThan(200_000);
  }
}
