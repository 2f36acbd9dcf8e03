package io.pekkoraft.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.StateMachine;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplierTest {
  private final List<String> heard = new ArrayList<>();
  private final Applier<String, String, String> applier =
      new Applier<>(new Recording(), new TextCodec());

  /** The state is every command with its index; some commands misbehave. */
  private static final class Recording extends StateMachine<String, String, String> {
    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<String, String, String> commandHandler() {
      return (context, state, command) ->
          switch (command) {
            case "look" -> Effect().reply(state);
            case "throw" -> throw new UnsupportedOperationException("on purpose");
            case "assert" -> throw new AssertionError("on purpose");
            case "null" -> null;
            default -> {
              var next = state + command + context.index() + "@" + context.term() + " ";
              yield Effect().set(next).thenReply(next);
            }
          };
    }
  }

  private static RaftLog log(long committed, Entry... entries) {
    var log = new RaftLog(List.of(entries));
    log.commitThrough(LogIndex.of(committed));
    return log;
  }

  private static Entry command(String text) {
    return Entry.command(Term.of(1), new TextCodec().encode(text));
  }

  private boolean apply(RaftLog log, int limit) {
    return applier.applyCommitted(
        log,
        limit,
        (index, entry, outcome) ->
            heard.add(
                index + ":" + (outcome.failure() == null ? outcome.result() : outcome.failure())));
  }

  @Test
  @DisplayName("applies in order, once each, no further than what is committed")
  void inOrder() {
    var log = log(2, command("a"), command("b"), command("c"));
    assertThat(apply(log, 10)).isFalse();
    assertThat(apply(log, 10)).isFalse();
    assertThat(heard).containsExactly("1:a1@1 ", "2:a1@1 b2@1 ");
    log.commitThrough(LogIndex.of(3));
    apply(log, 10);
    assertThat(applier.lastApplied()).isEqualTo(LogIndex.of(3));
    assertThat(applier.answer("look")).isEqualTo("a1@1 b2@1 c3@1 ");
  }

  @Test
  @DisplayName("applies as many as it may, and says that there is more")
  void limit() {
    var log = log(3, command("a"), command("b"), command("c"));
    assertThat(apply(log, 2)).isTrue();
    assertThat(applier.lastApplied()).isEqualTo(LogIndex.of(2));
    assertThat(apply(log, 2)).isFalse();
  }

  @Test
  @DisplayName("a no-op changes nothing but the place")
  void noOp() {
    apply(log(2, command("a"), Entry.noOp(Term.of(2))), 10);
    assertThat(heard).containsExactly("1:a1@1 ", "2:null");
    assertThat(applier.lastApplied()).isEqualTo(LogIndex.of(2));
  }

  @Test
  @DisplayName("a handler that throws, or returns nothing, leaves the state as it was, and goes on")
  void misbehaving() {
    apply(
        log(5, command("a"), command("throw"), command("null"), command("assert"), command("b")),
        10);
    assertThat(heard.get(1)).contains("CommandFailed").contains("on purpose");
    assertThat(heard.get(2)).contains("CommandFailed").contains("returned null");
    assertThat(heard.get(3)).contains("CommandFailed").contains("AssertionError");
    assertThat(heard.get(4)).isEqualTo("5:a1@1 b5@1 ");
  }

  @Test
  @DisplayName("a command that can't be read stops the peer: it is never skipped")
  void unreadable() {
    var log = log(2, command("unreadable"), command("b"));
    assertThatThrownBy(() -> apply(log, 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("index 1");
    assertThat(applier.lastApplied()).isEqualTo(LogIndex.ZERO);
  }

  @Test
  @DisplayName("a query looks, and nothing else")
  void queries() {
    apply(log(1, command("a")), 10);
    assertThatThrownBy(() -> applier.answer("b")).isInstanceOf(CommandRefused.class);
    assertThatThrownBy(() -> applier.answer("throw")).isInstanceOf(CommandFailed.class);
    assertThatThrownBy(() -> applier.answer("null")).isInstanceOf(CommandFailed.class);
    assertThat(applier.answer("look")).isEqualTo("a1@1 ");
  }
}
