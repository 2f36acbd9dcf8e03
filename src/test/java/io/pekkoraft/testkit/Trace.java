package io.pekkoraft.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.pekko.dispatch.Mailbox;

/**
 * What happened: a hash over everything, which two runs of one seed share, and the last lines as
 * text, when somebody is going to read them.
 */
final class Trace {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final double NANOS = 1e9;

  private final int keep;
  private final Deque<String> lines = new ArrayDeque<>();
  private long hash = FNV_OFFSET;
  private long steps;
  private long last;

  /**
   * @param keep how many lines; 0 for a quiet run, which only hashes
   */
  Trace(int keep) {
    this.keep = keep;
  }

  long hash() {
    return hash;
  }

  /** How many mailboxes and futures have run. */
  long steps() {
    return steps;
  }

  /** Where in virtual time it ended, for a sentence. */
  String lastMoment() {
    return String.format(Locale.ROOT, "%nat %.6f s of virtual time", last / NANOS);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** A mailbox or a future of a node runs. */
  void step(long now, Node node, Runnable body) {
    steps++;
    last = now;
    mix(now);
    mix(node.peer().value());
    mix(node.incarnation());
    if (body instanceof Mailbox mailbox && mailbox.actor() != null) {
      mix(withoutCounter(mailbox.actor().self().path().name()));
    }
  }

  /** A few of Pekko's own actors have a counter in their names that goes on from run to run. */
  private static String withoutCounter(String name) {
    return name.startsWith("eventStreamUnsubscriber-") || name.startsWith("StreamSupervisor-")
        ? name.substring(0, name.indexOf('-'))
        : name;
  }

  /** Something worth a line. The text is part of the hash. */
  void say(long now, Object who, String what) {
    mix(now);
    mix(who.toString());
    mix(what);
    keep(now, who, () -> what);
  }

  /** As above, for what happens all the time: the text is made only if it is kept. */
  void say(long now, Object who, long code, Supplier<String> what) {
    mix(now);
    mix(who.toString());
    mix(code);
    keep(now, who, what);
  }

  private void keep(long now, Object who, Supplier<String> what) {
    if (keep > 0) {
      if (lines.size() == keep) {
        lines.removeFirst();
      }
      lines.addLast(String.format(Locale.ROOT, "%11.6f s  %-8s %s", now / NANOS, who, what.get()));
    }
  }

  private void mix(long value) {
    var mixed = hash;
    for (var shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      mixed = (mixed ^ (value >>> shift & 0xff)) * FNV_PRIME;
    }
    hash = mixed;
  }

  private void mix(String text) {
    var mixed = hash;
    for (var i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
    }
    hash = mixed;
  }
}
