package io.pekkoraft;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.remote.artery.RemoteInstrument;

/** Counts what the gates of an actor system send, as Artery writes it. */
public final class GateTraffic extends RemoteInstrument {
  /** Turns it on. */
  public static final String SETTING =
      "pekko.remote.artery.advanced.instruments = [\"" + GateTraffic.class.getName() + "\"]\n";

  // Artery makes an object for each of its streams; they have nothing else in common.
  private static final Map<Kind, Sum> SENT = new ConcurrentHashMap<>();

  private final ExtendedActorSystem system;

  private record Kind(ExtendedActorSystem system, String name) {}

  private record Sum(LongAdder messages, LongAdder bytes) {}

  public GateTraffic(ExtendedActorSystem system) {
    this.system = system;
  }

  /**
   * @param kind the simple name of a gate's message
   */
  public static long messages(ActorSystem<?> system, String kind) {
    return sum(system, kind).messages().sum();
  }

  public static long bytes(ActorSystem<?> system, String kind) {
    return sum(system, kind).bytes().sum();
  }

  private static Sum sum(ActorSystem<?> system, String kind) {
    return sum((ExtendedActorSystem) system.classicSystem(), kind);
  }

  private static Sum sum(ExtendedActorSystem system, String kind) {
    return SENT.computeIfAbsent(
        new Kind(system, kind), first -> new Sum(new LongAdder(), new LongAdder()));
  }

  @Override
  public byte identifier() {
    return 8;
  }

  @Override
  public void remoteWriteMetadata(
      ActorRef recipient, Object message, ActorRef sender, ByteBuffer buffer) {}

  @Override
  public void remoteMessageSent(
      ActorRef recipient, Object message, ActorRef sender, int size, long time) {
    if (recipient.path().name().startsWith("raft-gate")) {
      var sum = sum(system, message.getClass().getSimpleName());
      sum.messages().increment();
      sum.bytes().add(size);
    }
  }

  @Override
  public void remoteReadMetadata(
      ActorRef recipient, Object message, ActorRef sender, ByteBuffer buffer) {}

  @Override
  public void remoteMessageReceived(
      ActorRef recipient, Object message, ActorRef sender, int size, long time) {}
}
