package io.pekkoraft;

import io.pekkoraft.journal.JournalException;
import io.pekkoraft.journal.StoreExtension;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.role.Environment;
import io.pekkoraft.role.PeerSetup;
import io.pekkoraft.role.Recovering;
import io.pekkoraft.serialization.PekkoCommandCodec;
import io.pekkoraft.snapshot.SnapshotStore;
import io.pekkoraft.snapshot.file.FileSnapshotStore;
import io.pekkoraft.snapshot.file.Pace;
import io.pekkoraft.storage.RaftStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * The front door: a peer, as a behavior to spawn. A whole group in one actor system is spawned by
 * {@link RaftGroup}.
 *
 * <pre>{@code
 * var peers = PeerId.setOf("p1", "p2", "p3");
 * context.spawn(Raft.create("counter", PeerId.of("p1"), peers, new Counter()), "p1");
 * }</pre>
 *
 * <p>A group is founded by peers that are {@linkplain #create created} with the same set of peers.
 * That set counts only while a peer's journal is empty: it is the first thing in there, the first
 * leader writes it to the log, and from then on only {@link ClientMessage.ChangeMembership} changes
 * who belongs to the group (§6), whatever the code passes. Whoever comes later {@linkplain #join
 * joins}: such a peer knows nobody, and takes no part until a leader adds it.
 */
public final class Raft {
  private static final String EMBEDDED_JOURNAL = "pekko-raft.rocksdb.journal";
  private static final Pattern LEGAL_GROUP = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,128}");

  private Raft() {}

  /**
   * A peer with the settings of the actor system that it is spawned in. It stops when its journal
   * fails, and whoever spawns it decides what then; its own journal brings it back. Spawn it on the
   * dispatcher that {@code pekko-raft.dispatcher-id} names, which its store uses.
   *
   * @param group the name of the group; with {@code id} it names the journal
   * @param peers the ids of all founders of the group, {@code id} among them; the same at each of
   *     them. A peer that finds another set in the log than it began with stops
   * @param machine what the group replicates; each peer has its own
   */
  public static Behavior<ClientMessage> create(
      String group, PeerId id, Set<PeerId> peers, StateMachine<?, ?, ?> machine) {
    var founders = Configuration.of(peers);
    return Behaviors.<RaftMessage>setup(
            context ->
                peer(
                    context.getSystem(),
                    group,
                    id,
                    founders,
                    machine,
                    RaftSettings.create(context.getSystem())))
        .narrow();
  }

  /** As above, with settings of its own. */
  public static Behavior<ClientMessage> create(
      String group,
      PeerId id,
      Set<PeerId> peers,
      StateMachine<?, ?, ?> machine,
      RaftSettings settings) {
    var founders = Configuration.of(peers);
    return Behaviors.<RaftMessage>setup(
            context -> peer(context.getSystem(), group, id, founders, machine, settings))
        .narrow();
  }

  /**
   * A peer that joins a group which others have founded. It is silent until a leader sends it the
   * log, as part of {@link ClientMessage.ChangeMembership}. Once it belongs to the group, it makes
   * no difference whether it is started by this or by {@link #create}.
   *
   * @param id a name that no other peer of the group has
   */
  public static Behavior<ClientMessage> join(
      String group, PeerId id, StateMachine<?, ?, ?> machine, RaftSettings settings) {
    return Behaviors.<RaftMessage>setup(
            context -> peer(context.getSystem(), group, id, Configuration.NONE, machine, settings))
        .narrow();
  }

  private static Behavior<RaftMessage> peer(
      ActorSystem<?> system,
      String group,
      PeerId id,
      Configuration founders,
      StateMachine<?, ?, ?> machine,
      RaftSettings settings) {
    var network = Isolation.of(system).around(group, id, Directory.of(system).networkOf(group, id));
    var environment =
        new Environment(
            RaftTap.of(system).around(group, id, network),
            System::nanoTime,
            new SplittableRandom(),
            snapshotsOf(group, id, settings),
            event -> system.eventStream().tell(new EventStream.Publish<>(event)),
            MetricsExtension.of(system, group, id),
            Directory.of(system).neighboursOf(group));
    return peer(system, group, id, founders, machine, settings, environment);
  }

  /**
   * A peer in a world of its own: with another network, another clock and other dice. This is what
   * a simulation spawns.
   *
   * @param founders the configuration that the group begins with; {@link Configuration#NONE} for a
   *     peer that joins
   */
  public static Behavior<RaftMessage> create(
      String group,
      PeerId id,
      Configuration founders,
      StateMachine<?, ?, ?> machine,
      RaftSettings settings,
      Environment environment) {
    return Behaviors.setup(
        context -> peer(context.getSystem(), group, id, founders, machine, settings, environment));
  }

  private static Behavior<RaftMessage> peer(
      ActorSystem<?> system,
      String group,
      PeerId id,
      Configuration founders,
      StateMachine<?, ?, ?> machine,
      RaftSettings settings,
      Environment environment) {
    requireLegal(system, group, settings);
    var store =
        RaftStore.create(
            PersistenceId.of("raft", group + "/" + id),
            settings.store().journalPluginId(),
            settings.store().snapshotPluginId());
    return Recovering.create(
        new PeerSetup(
            group,
            id,
            founders,
            settings,
            machine,
            new PekkoCommandCodec(SerializationExtension.get(system)),
            snapshotFormat(system, machine),
            store,
            environment));
  }

  /** Opened by the first of the peer's children that needs it, on a thread that may block. */
  private static Supplier<SnapshotStore> snapshotsOf(
      String group, PeerId id, RaftSettings settings) {
    return new Supplier<>() {
      private SnapshotStore opened;

      @Override
      public synchronized SnapshotStore get() {
        if (opened == null) {
          var directory = Path.of(settings.snapshots().directory(), group, id.value());
          var rest =
              new Pace.Rest(settings.snapshots().rest(), System::nanoTime, LockSupport::parkNanos);
          opened = FileSnapshotStore.open(directory, settings.snapshots().syncBytes(), rest);
        }
        return opened;
      }
    };
  }

  /**
   * How snapshots of the machine's state are written; tried with the empty one, so that a state
   * which can't be written is known at the start and not when the log has grown long.
   */
  static <S> SnapshotFormat<S> snapshotFormat(
      ActorSystem<?> system, StateMachine<?, ?, S> machine) {
    var format = machine.snapshotFormat(SerializationExtension.get(system));
    var empty = machine.emptyState();
    try {
      format.write(empty, OutputStream.nullOutputStream());
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "A snapshot of the state can't be written; let "
              + empty.getClass().getName()
              + " be a record that implements CborSerializable, bind a serializer for it, or"
              + " override StateMachine.snapshotFormat: "
              + e,
          e);
    } finally {
      format.release(empty);
    }
    return format;
  }

  /**
   * Whether a peer could begin, before anything of it does.
   *
   * @throws IllegalArgumentException when the name or a setting is not legal, or no snapshot of the
   *     machine's state can be written
   * @throws JournalException.NotOpened when the embedded journal can't be opened
   */
  public static void requireReady(
      ActorSystem<?> system, String group, StateMachine<?, ?, ?> machine, RaftSettings settings) {
    requireLegal(system, group, settings);
    MetricsExtension.require(system);
    snapshotFormat(system, machine);
    if (settings.store().journalPluginId().equals(EMBEDDED_JOURNAL)) {
      StoreExtension.open(system);
    }
  }

  /**
   * An actor that runs one peer for as long as it lives, and spawns it anew after a back-off when
   * it fails; it understands no message. For whoever has a place of its own for peers: {@link
   * RaftGroup#spawn} has one already.
   *
   * @param founders of the group; without {@code self} among them the peer {@linkplain #join joins}
   */
  public static <T> Behavior<T> host(
      String group,
      PeerId self,
      Set<PeerId> founders,
      Supplier<? extends StateMachine<?, ?, ?>> machine,
      RaftSettings settings) {
    return Behaviors.setup(
        context -> {
          context.spawn(
              GroupGuardian.create(
                  group, PeerId.sorted(Set.of(self)), PeerId.sorted(founders), machine, settings),
              "guardian");
          return Behaviors.empty();
        });
  }

  static void requireLegal(ActorSystem<?> system, String group, RaftSettings settings) {
    if (!LEGAL_GROUP.matcher(group).matches()) {
      throw new IllegalArgumentException(
          "A group's name is 1 to 128 letters, digits, '.', '-' or '_', but was \""
              + group
              + "\".");
    }
    requireFailingReplayFilter(system, settings.store().journalPluginId());
  }

  /**
   * Pekko's default repairs a journal that two incarnations wrote to by leaving events out, in
   * silence. Among them might be a vote.
   */
  private static void requireFailingReplayFilter(ActorSystem<?> system, String journalPluginId) {
    var config = system.settings().config();
    var key = journalPluginId + ".replay-filter.mode";
    var mode =
        config.getString(
            config.hasPath(key)
                ? key
                : "pekko.persistence.journal-plugin-fallback.replay-filter.mode");
    if (!mode.equals("fail")) {
      throw new IllegalArgumentException(
          key
              + " = "
              + mode
              + ": a peer's journal must never leave out what it holds; set it to"
              + " fail.");
    }
  }
}
