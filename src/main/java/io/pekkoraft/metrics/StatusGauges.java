package io.pekkoraft.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.Role;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** How peers are, as gauges; those of a peer that is gone, or does not answer, go as well. */
final class StatusGauges {
  private final Predicate<String> admitted;
  private final MultiGauge peers;
  private final MultiGauge lag;
  private final Map<RaftMeter, MultiGauge> gauges = new EnumMap<>(RaftMeter.class);

  private static final Map<RaftMeter, ToLongFunction<RaftStatus>> VALUES =
      new EnumMap<>(
          Map.of(
              RaftMeter.LEADER, status -> status.isLeader() ? 1 : 0,
              RaftMeter.TERM, status -> status.term().value(),
              RaftMeter.COMMIT_INDEX, status -> status.commitIndex().value(),
              RaftMeter.APPLIED_INDEX, status -> status.lastApplied().value(),
              RaftMeter.LOG_ENTRIES,
                  status -> status.lastIndex().value() - status.firstIndex().value() + 1));

  /**
   * @param admitted the groups that have gauges of their own
   */
  StatusGauges(MeterRegistry registry, Predicate<String> admitted) {
    this.admitted = admitted;
    this.peers = RaftMeter.PEERS.gauges(registry);
    this.lag = RaftMeter.FOLLOWER_LAG.gauges(registry);
    VALUES.keySet().forEach(meter -> gauges.put(meter, meter.gauges(registry)));
  }

  void show(List<LocalPeers.Answer> answers) {
    var known = answers.stream().flatMap(answer -> answer.status().stream()).toList();
    peers.register(Arrays.stream(Role.values()).map(role -> count(role, known)).toList(), true);
    var own = known.stream().filter(status -> admitted.test(status.group())).toList();
    gauges.forEach(
        (meter, gauge) ->
            gauge.register(
                own.stream()
                    .map(status -> Row.of(tags(status), VALUES.get(meter).applyAsLong(status)))
                    .toList(),
                true));
    lag.register(own.stream().flatMap(StatusGauges::lags).toList(), true);
  }

  private static Row<Number> count(Role role, List<RaftStatus> known) {
    return Row.of(
        Tags.of("role", role.name().toLowerCase(java.util.Locale.ROOT)),
        known.stream().filter(status -> status.role() == role).count());
  }

  private static java.util.stream.Stream<Row<?>> lags(RaftStatus leader) {
    return leader.followers().entrySet().stream()
        .map(
            follower ->
                Row.of(
                    tags(leader).and("follower", follower.getKey().value()),
                    leader.lastIndex().value() - follower.getValue().matchIndex().value()));
  }

  private static Tags tags(RaftStatus status) {
    return Tags.of("group", status.group(), "peer", status.id().value());
  }
}
