package io.pekkoraft.node;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is not delivered, as {@link NodeCounters} explains it. For any thread. */
final class Dropped {
  private static final Logger LOG = LoggerFactory.getLogger(Dropped.class);

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

  /** Told aloud the first time: each node that is of another version would fill the log. */
  void malformed(String from, Throwable why) {
    if (malformed.getAndIncrement() == 0) {
      LOG.warn("What {} sent can't be dealt with; the next ones are told at debug", from, why);
    } else {
      LOG.debug("What {} sent can't be dealt with", from, why);
    }
  }

  NodeCounters counters() {
    return new NodeCounters(strangers.get(), notHere.get(), late.get(), malformed.get());
  }
}
