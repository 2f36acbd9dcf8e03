package io.pekkoraft.storage;

import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the oldest events of a journal, and stops. A classic actor, because the typed ones delete
 * only what a snapshot in Pekko's own snapshot store includes; it replays nothing and writes
 * nothing. Should it fail, the events stay until the next one.
 */
final class Deletion {
  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

  private final String persistenceId;
  private final long through;
  private final String journalPluginId;
  private final String snapshotPluginId;

  /**
   * @param through the sequence number of the newest event to delete
   */
  Deletion(String persistenceId, long through, String journalPluginId, String snapshotPluginId) {
    this.persistenceId = persistenceId;
    this.through = through;
    this.journalPluginId = journalPluginId;
    this.snapshotPluginId = snapshotPluginId;
  }

  Props props() {
    return Props.create(Deleting.class, Deleting::new);
  }

  /** An inner class, because it is asked for its plugins before its own fields could be set. */
  private final class Deleting extends AbstractPersistentActor {
    @Override
    public String persistenceId() {
      return persistenceId;
    }

    @Override
    public String journalPluginId() {
      return journalPluginId;
    }

    @Override
    public String snapshotPluginId() {
      return snapshotPluginId;
    }

    @Override
    public Recovery recovery() {
      return Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
      return receiveBuilder().matchAny(completed -> deleteMessages(through)).build();
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(DeleteMessagesSuccess.class, done -> getContext().stop(getSelf()))
          .match(DeleteMessagesFailure.class, this::onFailure)
          .build();
    }

    private void onFailure(DeleteMessagesFailure failed) {
      LOG.warn(
          "Events of {} through {} stay until the next snapshot: {}",
          persistenceId,
          through,
          failed.cause().toString());
      getContext().stop(getSelf());
    }
  }
}
