package io.pekkoraft.testkit.linearizability;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** Registers of numbers, and clients that use them at random while replies get lost. */
final class RegisterTestbed {
  private final Registers registers = new Registers();
  private final History<Command, Integer> history = new History<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Command> adrift = new ArrayList<>();
  private final Random random;
  private final Load load;
  private PMap<String, Integer> state = registers.emptyState();
  private PMap<String, Integer> stale = state;

  /**
   * @param values how many values there are to write, and amounts to add
   * @param lost the share of the operations with an unknown outcome
   * @param wrong the share that goes wrong: a stale read, or a command that takes effect twice
   */
  record Load(int operations, int clients, int keys, int values, double lost, double wrong) {}

  sealed interface Command {
    String key();
  }

  /** Answers with 0, whatever was there. */
  record Put(String key, int value) implements Command {}

  /** Answers with the value; 0 if there is none. */
  record Get(String key) implements Command {}

  /** Answers with the sum. */
  record Add(String key, int amount) implements Command {}

  /** Answers with 1 if the value was the expected one and has been replaced, else with 0. */
  record Swap(String key, int expected, int value) implements Command {}

  static final class Registers extends StateMachine<Command, Integer, PMap<String, Integer>> {
    @Override
    public PMap<String, Integer> emptyState() {
      return HashTreePMap.empty();
    }

    @Override
    public CommandHandler<Command, Integer, PMap<String, Integer>> commandHandler() {
      return (context, state, command) -> handle(state, command);
    }

    Effect<Integer, PMap<String, Integer>> handle(PMap<String, Integer> state, Command command) {
      var value = state.getOrDefault(command.key(), 0);
      if (command instanceof Put put) {
        return Effect().set(state.plus(put.key(), put.value())).thenReply(0);
      } else if (command instanceof Add add) {
        var sum = value + add.amount();
        return Effect().set(state.plus(add.key(), sum)).thenReply(sum);
      } else if (command instanceof Swap swap) {
        return value == swap.expected()
            ? Effect().set(state.plus(swap.key(), swap.value())).thenReply(1)
            : Effect().reply(0);
      }
      return Effect().reply(value);
    }
  }

  private static final class Client {
    private final String name;
    private History<Command, Integer>.Call call;
    private Command command;
    private Integer result;

    private Client(String name) {
      this.name = name;
    }
  }

  private RegisterTestbed(Load load, long seed) {
    this.load = load;
    this.random = new Random(seed);
    for (var i = 1; i <= load.clients(); i++) {
      clients.add(new Client("c" + i));
    }
  }

  /** The same seed gives the same history; it is linearizable if nothing goes wrong. */
  static History<Command, Integer> history(Load load, long seed) {
    return new RegisterTestbed(load, seed).run();
  }

  private History<Command, Integer> run() {
    var called = 0;
    while (called < load.operations()) {
      var client = clients.get(random.nextInt(clients.size()));
      if (client.call == null) {
        client.command = command("k" + random.nextInt(load.keys()));
        client.call = call(client.name, client.command);
        called++;
      } else if (client.result == null && random.nextDouble() < load.lost()) {
        adrift.add(client.command);
        client.call.unknown();
        client.call = null;
      } else if (client.result == null) {
        client.result = takeEffect(client.command);
      } else {
        client.call.returned(client.result);
        client.call = null;
        client.result = null;
      }
      landSomeAdrift();
    }
    return history;
  }

  /** Some are careful to tell that they only read. */
  private History<Command, Integer>.Call call(String client, Command command) {
    return command instanceof Get && random.nextInt(4) > 0
        ? history.read(client, command)
        : history.called(client, command);
  }

  private Command command(String key) {
    var value = 1 + random.nextInt(load.values());
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Put(key, value);
      case 2 -> new Add(key, value);
      case 3 -> new Swap(key, 1 + random.nextInt(load.values()), value);
      default -> new Get(key);
    };
  }

  private int takeEffect(Command command) {
    if (random.nextDouble() < load.wrong()) {
      if (command instanceof Get) {
        return registers.handle(stale, command).result();
      }
      apply(command);
    }
    if (random.nextInt(4) == 0) {
      stale = state;
    }
    return apply(command);
  }

  private int apply(Command command) {
    var effect = registers.handle(state, command);
    state = effect.newState().orElse(state);
    return effect.result();
  }

  /** A command whose reply is lost takes effect late, or never. */
  private void landSomeAdrift() {
    if (!adrift.isEmpty() && random.nextInt(8) == 0) {
      var command = adrift.remove(random.nextInt(adrift.size()));
      if (random.nextBoolean()) {
        apply(command);
      }
    }
  }
}
