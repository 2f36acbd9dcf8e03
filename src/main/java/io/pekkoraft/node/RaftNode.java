package io.pekkoraft.node;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.ExecutionContextExecutor;

/**
 * This actor system as one node of several, over whose peers the groups are spread. It begins with
 * {@link #get}, and needs Pekko's remoting; {@code include "pekko-raft-node"} in the application's
 * settings turns it on, with what suits Raft. All of it may be called from any thread.
 */
public final class RaftNode implements Extension {
  private static final Id ID = new Id();

  /** What was sent to this node before its sender knew that it ends arrives by then. */
  private static final Duration LINGER = Duration.ofMillis(50);

  /**
   * Of peers and gates. An application may keep its own busy, and must not make this node seem to
   * be away by that, nor the leaders of its groups.
   */
  private static final DispatcherSelector DISPATCHER =
      DispatcherSelector.fromConfig("pekko-raft.dispatcher");

  private final Scheduler scheduler;
  private final ExecutionContextExecutor threads;
  private final Duration farewell;
  private final Address address;
  private final NodeSettings settings;
  private final Post post;
  private final Optional<Bundles> bundles;
  private final Unanswered unanswered = new Unanswered();
  private final Atlas atlas = new Atlas();
  private final Pulse pulse;
  private final Questions questions;
  private final Answers answers;
  private final Dropped dropped = new Dropped();
  private final Reception reception;

  private static final class Id extends ExtensionId<RaftNode> {
    @Override
    public RaftNode createExtension(ActorSystem<?> system) {
      return new RaftNode(system);
    }
  }

  private RaftNode(ActorSystem<?> system) {
    this.scheduler = system.scheduler();
    this.threads = system.dispatchers().lookup(DISPATCHER);
    var classic = (ExtendedActorSystem) system.classicSystem();
    this.address = classic.provider().getDefaultAddress();
    if (!address.hasGlobalScope()) {
      throw new IllegalArgumentException(
          "The actor system "
              + system.name()
              + " can't be reached from others: it needs pekko.actor.provider = remote or cluster,"
              + " as include \"pekko-raft-node\" in its settings gives it.");
    }
    this.settings = NodeSettings.of(system.settings().config());
    this.farewell = settings.farewell();
    var format = new ClientFormat(SerializationExtension.get(system));
    this.post = new Post(classic, address, new SplittableRandom().nextLong());
    this.pulse = new Pulse(post, atlas, settings);
    this.questions = new Questions(this::later, post, format, settings.maxPending());
    this.answers = new Answers(this::later, post, format, settings.maxPending(), dropped);
    this.reception =
        new Reception(
            atlas, questions, answers, pulse, unanswered, dropped, settings.acceptNewcomers());
    this.bundles = settings.heartbeatWait().map(this::bundles);
    pulse.subscribe(this::forgetQuestions);
    spawnGate(system, Post.GATE);
    spawnGate(system, Post.LARGE_GATE);
    CoordinatedShutdown.get(system)
        .addTask(
            // Its leaders have handed over in the phase before.
            CoordinatedShutdown.PhaseServiceUnbind(),
            "pekko-raft-goodbye",
            () -> {
              pulse.sayGoodbye();
              var told = new CompletableFuture<Done>();
              later(LINGER, () -> endWhenAllIsAnswered(told, System.nanoTime()));
              return told;
            });
    scheduler.scheduleWithFixedDelay(Duration.ZERO, settings.pingInterval(), pulse::tick, threads);
  }

  private Bundles bundles(Duration wait) {
    return new Bundles(
        post::send, post.frames().ordinary() - Post.SLACK, sending -> later(wait, sending));
  }

  /** It takes whatever anybody sends to its path, and nothing ends it: others know it by that. */
  private void spawnGate(ActorSystem<?> system, String name) {
    var gate =
        Behaviors.receiveMessage(
            message -> {
              reception.receive(message);
              return Behaviors.same();
            });
    system.systemActorOf(
        Behaviors.supervise(gate).onFailure(Throwable.class, SupervisorStrategy.restart()),
        name,
        DISPATCHER);
  }

  private Cancellable later(Duration delay, Runnable task) {
    return scheduler.scheduleOnce(delay, task, threads);
  }

  /** What others had asked before they were told, they hear the answer of. */
  private void endWhenAllIsAnswered(CompletableFuture<Done> told, long since) {
    if (answers.isPending() && System.nanoTime() - since < farewell.toNanos()) {
      later(LINGER, () -> endWhenAllIsAnswered(told, since));
    } else {
      told.complete(Done.done());
    }
  }

  private void forgetQuestions(NodeEvent event) {
    var asked = questions.latest();
    if (event instanceof NodeEvent.Silent silent) {
      questions.isGone(silent.node(), asked);
    } else if (event instanceof NodeEvent.Left left) {
      later(farewell, () -> questions.isGone(left.node(), asked));
    }
  }

  /**
   * This node; begins it when nobody has before.
   *
   * @throws IllegalArgumentException when the actor system has no remoting, or a setting is not
   *     legal
   */
  public static RaftNode get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** This node, if somebody began it. */
  public static Optional<RaftNode> find(ActorSystem<?> system) {
    return system.hasExtension(ID) ? Optional.of(get(system)) : Optional.empty();
  }

  /** Where the others reach this node. */
  public Address address() {
    return address;
  }

  /** Who gets what others send to this node. */
  public void serve(Residents peers) {
    reception.serve(peers);
  }

  /**
   * From now on the peers of {@code group} are reached, and heard, where they are said to be. A
   * group that is not named here is a foreign one: nothing is sent to it, and nothing is taken.
   */
  public void locate(String group, Whereabouts where) {
    atlas.locate(group, where);
  }

  /**
   * Tells the other nodes again and again that this peer runs here, for those that do not have it
   * on their lists; they have to {@code accept-newcomers}.
   */
  public void introduce(String group, PeerId peer) {
    pulse.introduce(group, peer);
  }

  /** Who was introduced here. */
  public SortedSet<PeerId> newcomersOf(String group) {
    return atlas.newcomersOf(group);
  }

  /** The node of a peer; empty when nobody knows. */
  public Optional<Address> nodeOf(String group, PeerId peer) {
    return atlas.of(group, peer);
  }

  /** Sends and forgets. */
  public void send(Address node, String group, PeerId to, PeerMessage message) {
    var letter = letter(group, to, message);
    if (unanswered.isAnswer(letter)) {
      sendSoon(node, letter);
    } else {
      post.send(node, letter, post.sizeOf(message));
    }
  }

  /** The same for a heartbeat that may wait for those of other groups. */
  public void sendSoon(Address node, String group, PeerId to, PeerMessage message) {
    sendSoon(node, letter(group, to, message));
  }

  private void sendSoon(Address node, ForPeer letter) {
    bundles.ifPresentOrElse(waiting -> waiting.add(node, letter), () -> post.send(node, letter, 0));
  }

  private ForPeer letter(String group, PeerId to, PeerMessage message) {
    return new ForPeer(post.self(), group, message.from(), to, message);
  }

  /**
   * Asks a peer on another node.
   *
   * @param request whoever it says to answer hears nothing; the future does
   * @param patience a day at most
   * @return the answer as the peer gave it; a {@link java.util.concurrent.TimeoutException} after
   *     {@code patience}. When the node falls silent or starts anew meanwhile, a status that says
   *     so. Completed on a thread of the gates, which must not be blocked
   */
  public CompletableFuture<Object> ask(
      Address node, String group, PeerId to, ClientMessage request, Duration patience) {
    return questions.ask(node, group, to, request, patience);
  }

  /** From now on this node does {@code service} for others, under that name. */
  public void serve(String name, Service service) {
    answers.serve(name, service);
  }

  /**
   * Asks a service of another node.
   *
   * <p>Calls of one thread come in the order in which they were made, unless one is too large for
   * Artery's ordinary frame: it has a stream of its own, and may be overtaken by those after it.
   * Whoever needs the order awaits the answer to a large one. The same holds for {@link #ask}.
   *
   * @return a {@link org.apache.pekko.pattern.StatusReply} with who has served it, or why not;
   *     fails as above
   */
  public CompletableFuture<Object> call(
      Address node, String service, byte[] content, Duration patience) {
    return questions.call(node, service, content, patience);
  }

  /** The start since which a node is there; empty when it does not answer. */
  public Optional<Long> incarnationOf(Address node) {
    return pulse.incarnationOf(node);
  }

  /**
   * @param listener hears from now on who comes and goes, on any thread; a node that has started
   *     anew falls silent first
   */
  public void subscribe(Consumer<NodeEvent> listener) {
    pulse.subscribe(listener);
  }

  /** What was not delivered. */
  public NodeCounters counters() {
    return dropped.counters();
  }

  /**
   * @throws IllegalArgumentException when what a group with these settings sends can't be sent
   *     between nodes, or would be sent too late
   */
  public void requireRoomFor(RaftSettings group) {
    settings.requireShortWait(group.heartbeatInterval());
    var frames = post.frames();
    frames.requireRoomFor(
        "pekko-raft.proposals.max-command-size", group.proposals().maxCommandBytes());
    frames.requireRoomFor(
        "pekko-raft.replication.max-batch-size", group.replication().maxBatchBytes());
    frames.requireRoomFor(
        "pekko-raft.snapshots.chunk-size", group.snapshots().sending().chunkBytes());
  }
}
