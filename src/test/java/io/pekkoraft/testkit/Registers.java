package io.pekkoraft.testkit;

import io.pekkoraft.CborSerializable;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.StateMachine;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A few keys with texts, for histories: what a command answers says much about what came before.
 */
public final class Registers extends StateMachine<Registers.Command, String, Registers.Contents> {
  /** What may be asked of one key. */
  public sealed interface Command extends CborSerializable {
    String key();
  }

  /** Answers what was there before. */
  public record Put(String key, String value) implements Command {}

  /** Answers what was there before; changes it only if that is {@code expected}. */
  public record CompareAndSet(String key, String expected, String value) implements Command {}

  public record Get(String key) implements Command {}

  /** What stands in the keys that were ever put. */
  public record Contents(SortedMap<String, String> values) implements CborSerializable {}

  @Override
  public Contents emptyState() {
    return new Contents(new TreeMap<>());
  }

  @Override
  public CommandHandler<Command, String, Contents> commandHandler() {
    return newCommandHandlerBuilder()
        .onCommand(Put.class, (state, put) -> set(state, put, put.value(), before(state, put)))
        .onCommand(
            CompareAndSet.class,
            (state, cas) ->
                before(state, cas).equals(cas.expected())
                    ? set(state, cas, cas.value(), cas.expected())
                    : Effect().reply(before(state, cas)))
        .onCommand(Get.class, (state, get) -> Effect().reply(before(state, get)))
        .build();
  }

  private static String before(Contents state, Command command) {
    return state.values().getOrDefault(command.key(), "");
  }

  private Effect<String, Contents> set(
      Contents state, Command command, String value, String answer) {
    var changed = new TreeMap<>(state.values());
    changed.put(command.key(), value);
    return Effect().set(new Contents(changed)).thenReply(answer);
  }

  /**
   * Keys enough, and compare-and-sets few enough (all that fail commute), for a search for an order
   * to end. A compare-and-set often expects what is there.
   */
  public static final class Workload implements Chaos.Workload<Command> {
    private static final int KEYS = 12;

    private final TreeMap<String, String> put = new TreeMap<>();
    private final int numberingClients;

    public Workload() {
      this(0);
    }

    /**
     * @param numberingClients how many clients there are besides whose commands have numbers
     */
    public Workload(int numberingClients) {
      this.numberingClients = numberingClients;
    }

    @Override
    public int numberingClients() {
      return numberingClients;
    }

    @Override
    public Command command(int number, RandomGenerator random) {
      var key = key(random);
      var value = "v" + number;
      var before = put.put(key, value);
      return random.nextInt(10) == 0
          ? new CompareAndSet(key, before == null ? "" : before, value)
          : new Put(key, value);
    }

    @Override
    public Optional<Command> query(RandomGenerator random) {
      return random.nextInt(3) == 0 ? Optional.of(new Get(key(random))) : Optional.empty();
    }

    private static String key(RandomGenerator random) {
      return "k" + random.nextInt(KEYS);
    }
  }
}
