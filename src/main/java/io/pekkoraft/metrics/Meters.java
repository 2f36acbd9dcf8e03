package io.pekkoraft.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pekkoraft.node.NodeCounters;
import io.pekkoraft.node.RaftNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;

/** Where the meters of an actor system go, and who has some of its own. */
final class Meters implements Extension {
  private static final Id ID = new Id();
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Optional<Supplier<String>> exposition;
  private final Admission admission;

  /** Held here, for a registry holds what it asks only weakly. */
  private final Map<String, DoubleSupplier> dropped;

  private Meters(ActorSystem<?> system) {
    var settings = MetricsSettings.of(system.settings().config());
    admission = new Admission(settings.maxGroups());
    if (settings.prometheus()) {
      var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      registry = prometheus;
      exposition = Optional.of(prometheus::scrape);
      bindMachine(system, registry);
    } else {
      registry = Metrics.globalRegistry;
      exposition = Optional.empty();
    }
    dropped =
        Map.of(
            "stranger", dropped(system, NodeCounters::strangers),
            "not_here", dropped(system, NodeCounters::notHere),
            "late", dropped(system, NodeCounters::late),
            "malformed", dropped(system, NodeCounters::malformed));
    dropped.forEach(
        (reason, count) -> RaftMeter.DROPPED.counted(registry, Tags.of("reason", reason), count));
    system.systemActorOf(Watch.create(this, settings.interval()), "raft-meters", Props.empty());
  }

  private static final class Id extends ExtensionId<Meters> {
    @Override
    public Meters createExtension(ActorSystem<?> system) {
      return new Meters(system);
    }
  }

  static Meters of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  private static DoubleSupplier dropped(ActorSystem<?> system, ToLongFunction<NodeCounters> count) {
    return () -> RaftNode.find(system).map(node -> count.applyAsLong(node.counters())).orElse(0L);
  }

  private static void bindMachine(ActorSystem<?> system, MeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    var collector = new JvmGcMetrics();
    collector.bindTo(registry);
    system.getWhenTerminated().thenRun(collector::close);
  }

  MeterRegistry registry() {
    return registry;
  }

  /** All there is, as Prometheus reads it; empty when it goes elsewhere. */
  Optional<String> scrape() {
    return exposition.map(Supplier::get);
  }

  /** Whether the group has meters of its own; asked for the first time, it gets them if it can. */
  boolean isAdmitted(String group) {
    return admission.admits(group);
  }

  Tags tags(String group, String peer) {
    return isAdmitted(group)
        ? Tags.of("group", group, "peer", peer)
        : Tags.of("group", OTHER, "peer", OTHER);
  }

  /** The first groups that ask, and no more: what is labelled is bounded. */
  static final class Admission {
    private final int most;
    private final Set<String> admitted = new java.util.HashSet<>();

    Admission(int most) {
      this.most = most;
    }

    synchronized boolean admits(String group) {
      return admitted.contains(group) || (admitted.size() < most && admitted.add(group));
    }
  }
}
