package io.pekkoraft.client;

import io.pekkoraft.RaftException;
import io.pekkoraft.protocol.ClientMessage.CloseSession;
import io.pekkoraft.protocol.ClientMessage.KeepAlive;
import io.pekkoraft.protocol.ClientMessage.OpenSession;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.session.SessionId;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** The life of a client's session: opened, kept alive, lost, opened anew (thesis §6.3). */
final class ClientSession {
  private final ClientSetup setup;
  private final Errands errands;
  private Optional<Numbering> current = Optional.empty();
  private Optional<Errand<SessionId>> opening = Optional.empty();
  private boolean heard;
  private boolean speaking;

  ClientSession(ClientSetup setup, Errands errands) {
    this.setup = setup;
    this.errands = errands;
  }

  /** Empty before it is open, and after it is lost. */
  Optional<Numbering> current() {
    return current;
  }

  /**
   * Opens one, unless that is under way. One that is opened and whose name is lost on the way
   * expires.
   *
   * @param opened hears that it is there, or that this try has taken too long
   * @param failed hears that there will be none
   */
  void open(Runnable opened, Consumer<Throwable> failed) {
    if (opening.isPresent()) {
      return;
    }
    var errand =
        errand(
            OpenSession::new,
            new Said(opened) {
              @Override
              public void succeeded(SessionId session) {
                opening = Optional.empty();
                current = Optional.of(new Numbering(session));
                heard = true;
                opened.run();
              }

              @Override
              public void failed(Throwable failure) {
                opening = Optional.empty();
                failed.accept(failure);
              }

              @Override
              public void late(boolean untouched, Optional<RaftException> refusal) {
                opening = Optional.empty();
                opened.run();
              }
            });
    opening = Optional.of(errand);
    errands.add(errand);
  }

  /** Why there is none as yet, as far as a peer said why. */
  Optional<RaftException> refusal() {
    return opening.flatMap(Errand::refusal);
  }

  /** The peers have heard of the client by a command of this session. */
  void heard(Numbering session) {
    heard |= isCurrent(session);
  }

  /** The peers have forgotten it. */
  void lost(Numbering session) {
    if (isCurrent(session)) {
      current = Optional.empty();
    }
  }

  private boolean isCurrent(Numbering session) {
    return current.filter(now -> now == session).isPresent();
  }

  /** Says a word, unless the client was heard since the last time. */
  void keepAlive() {
    if (!heard && !speaking) {
      current.ifPresent(this::speak);
    }
    heard = false;
  }

  private void speak(Numbering session) {
    speaking = true;
    errands.add(
        errand(
            replyTo -> new KeepAlive(session.session(), session.lowestUnanswered(), replyTo),
            new Said(() -> speaking = false) {
              @Override
              public void expired(boolean untouched) {
                lost(session);
                super.expired(untouched);
              }
            }));
  }

  /** Ends it, if there is one; it would else expire. */
  void close(Runnable whenDone) {
    var session = current;
    current = Optional.empty();
    session.ifPresentOrElse(
        last ->
            errands.add(
                errand(replyTo -> new CloseSession(last.session(), replyTo), new Said(whenDone))),
        whenDone);
  }

  private Errand<SessionId> errand(
      Function<ActorRef<StatusReply<SessionId>>, Request<SessionId>> request,
      Errand.Ending<SessionId> ending) {
    var now = setup.nanoTime().getAsLong();
    return new Errand<>(
        request, true, now, now + setup.settings().client().timeout().toNanos(), ending);
  }

  /** What was said about the session, with nobody waiting for more than its end. */
  private static class Said implements Errand.Ending<SessionId> {
    private final Runnable whenDone;

    private Said(Runnable whenDone) {
      this.whenDone = whenDone;
    }

    @Override
    public void succeeded(SessionId session) {
      whenDone.run();
    }

    @Override
    public void failed(Throwable failure) {
      whenDone.run();
    }

    @Override
    public void expired(boolean untouched) {
      whenDone.run();
    }

    @Override
    public void late(boolean untouched, Optional<RaftException> refusal) {
      whenDone.run();
    }
  }
}
