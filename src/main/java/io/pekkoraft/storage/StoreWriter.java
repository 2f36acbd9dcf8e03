package io.pekkoraft.storage;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The peer's end of its store: gathers what must survive and keeps one write on its way. Writes are
 * numbered 1, 2, 3, ...; a promise waits for the write that holds what it promises.
 */
public final class StoreWriter {
  private final ActorRef<RaftStore.Command> store;
  private final ActorRef<SelfMessage> self;
  private final StagedEvents staged = new StagedEvents();
  private long sent;
  private long stored;
  private LogIndex lastStaged;
  private LogIndex lastSent;
  private LogIndex lastDurable;

  /**
   * @param recovered where the log on disk ends
   */
  public StoreWriter(
      ActorRef<RaftStore.Command> store, ActorRef<SelfMessage> self, LogIndex recovered) {
    this.store = store;
    this.self = self;
    this.lastStaged = recovered;
    this.lastSent = recovered;
    this.lastDurable = recovered;
  }

  public void stage(StoreEvent event) {
    staged.add(event);
    if (event instanceof EntriesAppended appended) {
      lastStaged = appended.last();
    } else if (event instanceof LogTruncated truncated) {
      lastStaged = truncated.first().previous();
      lastSent = lastSent.min(lastStaged);
      lastDurable = lastDurable.min(lastStaged);
    }
  }

  /** The number of the write after which everything staged so far is on disk. */
  public long lastWrite() {
    return staged.isEmpty() ? sent : sent + 1;
  }

  public boolean isDurable(long write) {
    return stored >= write;
  }

  /** How far the log is on disk. */
  public LogIndex durableIndex() {
    return lastDurable;
  }

  /** Hands over what is staged, unless a write is on its way: then it waits for the next one. */
  public void flush() {
    if (staged.isEmpty() || sent > stored) {
      return;
    }
    sent++;
    lastSent = lastStaged;
    store.tell(new RaftStore.Write(sent, staged.take(), self));
  }

  /** The store has confirmed a write; what was staged meanwhile follows. */
  public void stored(long write) {
    if (write != sent) {
      throw new IllegalStateException("Write " + write + " confirmed, but " + sent + " was sent.");
    }
    stored = write;
    lastDurable = lastSent;
    flush();
  }
}
