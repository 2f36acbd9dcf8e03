package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.testkit.Registers.Command;
import io.pekkoraft.testkit.Registers.CompareAndSet;
import io.pekkoraft.testkit.Registers.Get;
import io.pekkoraft.testkit.Registers.Put;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Linearizability;
import io.pekkoraft.testkit.linearizability.Verdict;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RegisterOrderTest {
  private final History<Command, String> history = new History<>();

  private void happened(Command command, String answer) {
    history.called("c", command).returned(answer);
  }

  private void requireLinearizable() {
    RegisterOrder.requireLinearizable(history);
  }

  @Test
  @DisplayName("a stale read is found")
  void staleRead() {
    happened(new Put("k", "a"), "");
    happened(new Put("k", "b"), "a");
    happened(new Get("k"), "a");
    assertThatThrownBy(this::requireLinearizable).hasMessageContaining("had returned before");
  }

  @Test
  @DisplayName("a lost write is found: two follow the same value")
  void lostWrite() {
    happened(new Put("k", "a"), "");
    happened(new Put("k", "b"), "");
    assertThatThrownBy(this::requireLinearizable).hasMessageContaining("two came next");
  }

  @Test
  @DisplayName("a write that happened twice is found: its value comes back")
  void twice() {
    history.called("c", new Put("k", "a")).unknown();
    happened(new Get("k"), "a");
    happened(new Put("k", "b"), "a");
    happened(new Put("k", "c"), "a");
    assertThatThrownBy(this::requireLinearizable).hasMessageContaining("two came next");
  }

  @Test
  @DisplayName("a value that nobody wrote is found")
  void nobody() {
    happened(new Get("k"), "a");
    assertThatThrownBy(this::requireLinearizable).hasMessageContaining("nobody wrote");
  }

  @Test
  @DisplayName("a thousand writes without an answer cost nothing")
  void manyUnknown() {
    for (var i = 0; i < 1000; i++) {
      history.called("c", new Put("k", "u" + i)).unknown();
    }
    for (var i = 999; i >= 0; i--) {
      happened(new Get("k"), "u" + i);
    }
    assertThatCode(this::requireLinearizable).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("a value that is written twice can't be judged so")
  void notDistinct() {
    happened(new Put("k", "a"), "");
    happened(new Put("k", "a"), "a");
    assertThatThrownBy(this::requireLinearizable).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("says of thousands of small histories the same as a search for an order does")
  void sameAsSearch() {
    var sound = 0;
    var judged = 4000;
    for (var seed = 0; seed < judged; seed++) {
      var some = new Random(seed).history();
      var expected = Linearizability.of(new Registers()).check(some);
      assertThat(expected).isNotInstanceOf(Verdict.Undecided.class);
      var isSound = expected instanceof Verdict.Linearizable;
      if (isSound) {
        sound++;
        RegisterOrder.requireLinearizable(some);
      } else {
        assertThatThrownBy(() -> RegisterOrder.requireLinearizable(some))
            .as("seed %d: %s", seed, some.operations())
            .isInstanceOf(AssertionError.class);
      }
    }
    assertThat(sound).isBetween(judged / 4, judged * 3 / 4);
  }

  /** A few clients at one register; some answers get lost, and some are of another time. */
  private static final class Random {
    private final SplittableRandom dice;
    private final History<Command, String> history = new History<>();
    private final ArrayList<String> past = new ArrayList<>();
    private final ArrayList<Command> adrift = new ArrayList<>();
    private String value = "";
    private int written;

    private Random(long seed) {
      dice = new SplittableRandom(seed);
      past.add("");
    }

    private record Open(History<Command, String>.Call call, Command command, String answer) {}

    private History<Command, String> history() {
      var open = new ArrayList<Open>();
      for (var i = 0; i < 12; i++) {
        var command = command();
        var call = history.called("c" + i, command);
        if (dice.nextInt(4) == 0) {
          call.unknown();
          adrift.add(command);
        } else {
          open.add(new Open(call, command, null));
        }
        while (open.size() > 3 || (!open.isEmpty() && dice.nextBoolean())) {
          step(open);
        }
      }
      while (!open.isEmpty()) {
        step(open);
      }
      return history;
    }

    private void step(ArrayList<Open> open) {
      if (!adrift.isEmpty() && dice.nextInt(3) == 0) {
        apply(adrift.remove(dice.nextInt(adrift.size())));
        return;
      }
      var one = open.remove(dice.nextInt(open.size()));
      if (one.answer() == null) {
        var answer =
            dice.nextInt(12) == 0 ? past.get(dice.nextInt(past.size())) : apply(one.command());
        open.add(new Open(one.call(), one.command(), answer));
      } else {
        one.call().returned(one.answer());
      }
    }

    private Command command() {
      return switch (dice.nextInt(4)) {
        case 0 -> new Get("k");
        case 1 -> new CompareAndSet("k", past.get(dice.nextInt(past.size())), "v" + ++written);
        default -> new Put("k", "v" + ++written);
      };
    }

    private String apply(Command command) {
      var before = value;
      if (command instanceof Put put) {
        set(put.value());
      } else if (command instanceof CompareAndSet cas && cas.expected().equals(before)) {
        set(cas.value());
      }
      return before;
    }

    private void set(String next) {
      value = next;
      past.add(next);
    }
  }
}
