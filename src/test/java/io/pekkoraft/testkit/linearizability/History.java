package io.pekkoraft.testkit.linearizability;

import static io.pekkoraft.testkit.linearizability.Operation.NEVER;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What clients saw: which command was called when, and what came back when. "When" counts events
 * and tells no time. Record the call before the command leaves, and the return after its answer has
 * arrived; any thread may do so.
 *
 * <pre>{@code
 * var add = history.called("client 1", new Add(1));
 * counter.propose(new Add(1)).thenAccept(add::returned);
 * var look = history.read("client 2", new Add(0));
 * counter.read(new Add(0)).thenAccept(look::returned);
 * }</pre>
 *
 * @param <C> the commands
 * @param <R> their results
 */
public final class History<C, R> {
  private final List<Call> calls = new ArrayList<>();
  private long events;

  /**
   * A command is on its way. It may take effect from here on, and until it returns.
   *
   * @param client whoever calls; only its name in a report
   */
  public Call called(Object client, C command) {
    return open(client, command, false);
  }

  /**
   * A query is on its way: a command that changes no state whatever. Tell it where you can, for it
   * makes the search much shorter.
   */
  public Call read(Object client, C query) {
    return open(client, query, true);
  }

  private synchronized Call open(Object client, C command, boolean isRead) {
    var call =
        new Call(new Operation<>(client, command, isRead, ++events, NEVER, Optional.empty()));
    calls.add(call);
    return call;
  }

  /** All that may have taken effect, in the order of their calls; what is still open is unknown. */
  public synchronized List<Operation<C, R>> operations() {
    return calls.stream().filter(call -> !call.refused).map(call -> call.operation).toList();
  }

  /** A command on its way. It ends at most once. */
  public final class Call {
    private Operation<C, R> operation;
    private boolean ended;
    private boolean refused;

    private Call(Operation<C, R> operation) {
      this.operation = operation;
    }

    /** The answer is there. */
    public void returned(R result) {
      Objects.requireNonNull(result, "A result is never null.");
      synchronized (History.this) {
        end();
        operation =
            new Operation<>(
                operation.client(),
                operation.command(),
                operation.isRead(),
                operation.called(),
                ++events,
                Optional.of(result));
      }
    }

    /** No answer will come: the command may take effect at any time from its call on, or never. */
    public void unknown() {
      synchronized (History.this) {
        end();
      }
    }

    /** Surely nothing happened, as when nobody took it, or when its handler threw. */
    public void refused() {
      synchronized (History.this) {
        end();
        refused = true;
      }
    }

    private void end() {
      if (ended) {
        throw new IllegalStateException("This operation has already ended: " + operation);
      }
      ended = true;
    }
  }
}
