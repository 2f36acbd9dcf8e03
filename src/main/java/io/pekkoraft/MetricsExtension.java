package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/** Who makes the metrics of this actor system's peers. */
final class MetricsExtension implements Extension {
  private static final Id ID = new Id();
  private static final String KEY = "pekko-raft.insight.metrics";

  private final ActorSystem<?> system;
  private final RaftMetrics.Factory factory;

  private MetricsExtension(ActorSystem<?> system) {
    this.system = system;
    this.factory = factory(system.settings().config().getString(KEY));
  }

  private static final class Id extends ExtensionId<MetricsExtension> {
    @Override
    public MetricsExtension createExtension(ActorSystem<?> system) {
      return new MetricsExtension(system);
    }
  }

  /**
   * @throws IllegalArgumentException when the setting does not name a factory
   */
  static void require(ActorSystem<?> system) {
    ID.apply(system);
  }

  static RaftMetrics of(ActorSystem<?> system, String group, PeerId peer) {
    var extension = ID.apply(system);
    var metrics = extension.factory.of(extension.system, group, peer);
    return RaftTap.of(system).around(group, peer, metrics);
  }

  private RaftMetrics.Factory factory(String name) {
    if (name.isEmpty()) {
      return (of, group, peer) -> RaftMetrics.NONE;
    }
    try {
      var type = system.dynamicAccess().classLoader().loadClass(name);
      return (RaftMetrics.Factory) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException(
          KEY + " = " + name + ": it must be the class of a RaftMetrics.Factory: " + e, e);
    }
  }
}
