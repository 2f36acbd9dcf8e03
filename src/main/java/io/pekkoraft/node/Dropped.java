package io.pekkoraft.node;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what is not delivered, as {@link NodeCounters} explains it. For any thread. */
final class Dropped {
  private final AtomicLong strangers = new AtomicLong();
  private final AtomicLong notHere = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();

  void stranger() {
    strangers.incrementAndGet();
  }

  void notHere() {
    notHere.incrementAndGet();
  }

  void late() {
    late.incrementAndGet();
  }

  void malformed() {
    malformed.incrementAndGet();
  }

  NodeCounters counters() {
    return new NodeCounters(strangers.get(), notHere.get(), late.get(), malformed.get());
  }
}
