package io.pekkoraft.client;

import io.pekkoraft.Answered;
import io.pekkoraft.RaftException;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.client.ClientRequest.Read;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.protocol.ClientMessage.ReadAnswered;
import java.util.Optional;
import org.apache.pekko.pattern.StatusReply;

/**
 * A client's reads, and how far it has seen the state come: by that, a read of the session's sees
 * all that the client has seen or written, at whichever peer (thesis §6.4).
 */
final class ClientReads<R> {
  private final Errands errands;
  private LogIndex seen = LogIndex.ZERO;

  ClientReads(Errands errands) {
    this.errands = errands;
  }

  /** The client was told of a state that holds everything through {@code index}. */
  void saw(LogIndex index) {
    seen = seen.max(index);
  }

  void read(Read<?, R> request, long now, long deadline) {
    var consistency =
        request.consistency() instanceof ReadConsistency.Session
            ? ReadConsistency.atLeast(seen)
            : request.consistency();
    var forLeader =
        consistency instanceof ReadConsistency.Linearizable
            || consistency instanceof ReadConsistency.Lease;
    errands.add(
        new Errand<Answered<R>>(
            replyTo -> new ReadAnswered<>(request.query(), consistency, replyTo),
            forLeader,
            now,
            deadline,
            new Reading(request)));
  }

  private final class Reading implements Errand.Ending<Answered<R>> {
    private final Read<?, R> request;

    private Reading(Read<?, R> request) {
      this.request = request;
    }

    @Override
    public void succeeded(Answered<R> answer) {
      saw(answer.index());
      request.replyTo().tell(StatusReply.success(answer.result()));
    }

    @Override
    public void failed(Throwable failure) {
      request.replyTo().tell(StatusReply.error(failure));
    }

    @Override
    public void expired(boolean untouched) {
      throw new IllegalStateException("A read belongs to no session of the peers.");
    }

    /** Whatever was sent, a read changes nothing. */
    @Override
    public void late(boolean untouched, Optional<RaftException> refusal) {
      request.replyTo().tell(StatusReply.error(errands.nothingHappened(refusal)));
    }
  }
}
