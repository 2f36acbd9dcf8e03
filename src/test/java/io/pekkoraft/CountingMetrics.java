package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;

/** Adds up what all peers of a group do; named in a test's configuration. */
public final class CountingMetrics implements RaftMetrics.Factory {
  private static final Map<String, Counted> GROUPS = new ConcurrentHashMap<>();

  /** What was counted. */
  static final class Counted implements RaftMetrics {
    final LongAdder taken = new LongAdder();
    final LongAdder applied = new LongAdder();
    final LongAdder appended = new LongAdder();
    final LongAdder written = new LongAdder();
    final LongAdder read = new LongAdder();
    final LongAdder elected = new LongAdder();
    final LongAdder nanos = new LongAdder();

    @Override
    public void taken(int bytes) {
      taken.increment();
    }

    @Override
    public void applied(int entries, long took) {
      applied.add(entries);
      nanos.add(took);
    }

    @Override
    public void appended(int entries, int bytes) {
      appended.add(entries);
    }

    @Override
    public void written(long took) {
      written.increment();
      nanos.add(took);
    }

    @Override
    public void read(ReadConsistency consistency) {
      read.increment();
    }

    @Override
    public void elected(long took) {
      elected.increment();
    }
  }

  @Override
  public RaftMetrics of(ActorSystem<?> system, String group, PeerId peer) {
    return counted(group);
  }

  static Counted counted(String group) {
    return GROUPS.computeIfAbsent(group, first -> new Counted());
  }
}
