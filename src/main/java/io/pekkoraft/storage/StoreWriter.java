package io.pekkoraft.storage;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The peer's end of its store: gathers what must survive and keeps one write on its way, of bounded
 * size. What is staged is numbered; a promise waits for the number of what it promises.
 */
public final class StoreWriter {
  private final ActorRef<RaftStore.Command> store;
  private final ActorRef<SelfMessage> self;
  private final long maxWriteBytes;
  private final StagedEvents staged = new StagedEvents();
  private final LongSupplier nanoTime;
  private long sent;
  private long sentAt;
  private long stored;
  private LogIndex lastSent;
  private LogIndex lastDurable;

  /**
   * @param maxWriteBytes the most bytes of entries in one write, unless a single batch is larger
   * @param recovered where the log on disk ends
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public StoreWriter(
      ActorRef<RaftStore.Command> store,
      ActorRef<SelfMessage> self,
      long maxWriteBytes,
      LogIndex recovered,
      LongSupplier nanoTime) {
    this.store = store;
    this.self = self;
    this.maxWriteBytes = maxWriteBytes;
    this.nanoTime = nanoTime;
    this.lastSent = recovered;
    this.lastDurable = recovered;
  }

  public void stage(StoreEvent event) {
    staged.add(event);
    if (event instanceof LogTruncated truncated) {
      // What is cut counts no more, whatever the disk still says of it.
      lastSent = lastSent.min(truncated.first().previous());
      lastDurable = lastDurable.min(lastSent);
    }
  }

  /** The number of what was staged last. */
  public long lastStaged() {
    return staged.lastNumber();
  }

  /** Whether everything staged through {@code number} is on disk. */
  public boolean isDurable(long number) {
    return stored >= number;
  }

  /** How far the log is on disk. */
  public LogIndex durableIndex() {
    return lastDurable;
  }

  /** Bytes of entries that wait for the write on its way. */
  public long stagedBytes() {
    return staged.bytes();
  }

  /** Whether a write is on its way. */
  public boolean isWriting() {
    return sent > stored;
  }

  /** When the last write was handed over, in nanoseconds of the clock. */
  public long writingSince() {
    return sentAt;
  }

  /** Hands over what is staged, unless a write is on its way: then it waits for the next one. */
  public void flush() {
    if (staged.isEmpty() || isWriting()) {
      return;
    }
    var taken = staged.take(maxWriteBytes);
    sent = taken.through();
    sentAt = nanoTime.getAsLong();
    for (var event : taken.events()) {
      if (event instanceof EntriesAppended appended) {
        lastSent = appended.last();
      } else if (event instanceof LogTruncated truncated) {
        lastSent = truncated.first().previous();
      } else if (event instanceof Compacted compacted) {
        lastSent = lastSent.max(compacted.base().index());
      }
    }
    store.tell(new RaftStore.Write(sent, taken.events(), self));
  }

  /** The store has confirmed a write; what was staged meanwhile follows. */
  public void stored(long number) {
    if (number != sent) {
      throw new IllegalStateException("Write " + number + " confirmed, but " + sent + " was sent.");
    }
    stored = number;
    lastDurable = staged.keeps(lastSent);
    flush();
  }
}
