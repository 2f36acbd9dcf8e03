package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The follower's side of transfers: which chunk to take, and what to answer (§7). It holds no
 * content and touches no file. What it returns is to be done elsewhere, in order, and reported back
 * with the number of the attempt that it belongs to.
 *
 * <pre>
 *            a chunk            opened                    all written
 *    IDLE ───────────▶ OPENING ────────▶ RECEIVING ──────────────────▶ COMPLETE
 *      ▲                  ▲ another snapshot │                             │
 *      │                  └──────────────────┴─────────────────────────────┤
 *      └──────────────────── failed, or ended ◀────────────────────────────┘
 * </pre>
 */
public final class SnapshotReceiver {
  private final LongSupplier numbers;
  private State state = State.IDLE;
  private long attempt;
  private SnapshotChunk latest;
  private long accepted;
  private long written;

  private enum State {
    IDLE,
    OPENING,
    RECEIVING,
    COMPLETE
  }

  /** What is to be done about a chunk. */
  public sealed interface Step {
    /** Nothing: it is late, or damaged, or a file is just being opened. */
    record Ignore() implements Step {}

    /** Open {@code meta} for receiving, and report {@link #opened}. Ends what was open before. */
    record Open(long attempt, SnapshotMeta meta) implements Step {}

    /** Write it, and report {@link #written}. */
    record Write(long attempt, long offset, Bytes content) implements Step {}

    record Reply(SnapshotAnswer answer) implements Step {}
  }

  private static final Step IGNORE = new Step.Ignore();

  /**
   * @param numbers for attempts; none is ever given twice
   */
  public SnapshotReceiver(LongSupplier numbers) {
    this.numbers = numbers;
  }

  /** The snapshot that is being received; empty if none is. */
  public Optional<SnapshotMeta> receiving() {
    return state == State.IDLE ? Optional.empty() : Optional.of(latest.meta());
  }

  /** Whether all of it is written, so that it can be committed. */
  public boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** The part of the content that is written, from 0 to 1. */
  public double progress() {
    if (state != State.RECEIVING) {
      return isComplete() ? 1 : 0;
    }
    return (double) written / latest.meta().length();
  }

  /**
   * A chunk has come, from the leader of the current term. One of a snapshot that holds nothing new
   * is not for here but for {@link #hasIt}: else a late chunk would begin all over what has ended.
   */
  public Step heard(SnapshotChunk chunk) {
    var late = latest != null && latest.transfer().isNewerThan(chunk.transfer());
    if (late || !chunk.isSound()) {
      return IGNORE;
    }
    // A later leader may go on with the same snapshot.
    var same = state != State.IDLE && latest.meta().equals(chunk.meta());
    if (same && latest.transfer().equals(chunk.transfer()) && latest.round() > chunk.round()) {
      return IGNORE;
    }
    latest = chunk;
    if (!same) {
      state = State.OPENING;
      accepted = 0;
      written = 0;
      attempt = numbers.getAsLong();
      return new Step.Open(attempt, chunk.meta());
    }
    return state == State.OPENING ? IGNORE : take(chunk);
  }

  private Step take(SnapshotChunk chunk) {
    if (chunk.isQuestion() || chunk.offset() != accepted) {
      return new Step.Reply(answer());
    }
    accepted += chunk.content().size();
    return new Step.Write(attempt, chunk.offset(), chunk.content());
  }

  /** The answer to the latest chunk, as things are. */
  private SnapshotAnswer answer() {
    var gap = !latest.isQuestion() && latest.offset() > accepted;
    return answer(gap ? Verdict.GAP : Verdict.TAKEN);
  }

  private SnapshotAnswer answer(Verdict verdict) {
    return new SnapshotAnswer(latest.transfer(), latest.round(), accepted, written, verdict);
  }

  /**
   * The file is open, and what it holds already is sound.
   *
   * @param next where it goes on
   * @return what to tell the leader, unless it is another attempt's
   */
  public Optional<SnapshotAnswer> opened(long ofAttempt, long next) {
    if (state != State.OPENING || ofAttempt != attempt) {
      return Optional.empty();
    }
    state = State.RECEIVING;
    accepted = next;
    return wrote(next);
  }

  /**
   * What stands before {@code through} is in the file.
   *
   * @return what to tell the leader, unless it is another attempt's
   */
  public Optional<SnapshotAnswer> written(long ofAttempt, long through) {
    return state == State.RECEIVING && ofAttempt == attempt ? wrote(through) : Optional.empty();
  }

  private Optional<SnapshotAnswer> wrote(long through) {
    written = through;
    if (written == latest.meta().length()) {
      state = State.COMPLETE;
    }
    return Optional.of(answer());
  }

  /**
   * The snapshot is committed and in effect, which ends its transfer.
   *
   * @return what to tell the leader, unless it is another attempt's
   */
  public Optional<SnapshotAnswer> installed(long ofAttempt) {
    if (state != State.COMPLETE || ofAttempt != attempt) {
      return Optional.empty();
    }
    state = State.IDLE;
    return Optional.of(answer(Verdict.INSTALLED));
  }

  /**
   * The file can't be written, or what came is not what was announced. The next chunk begins anew;
   * the leader asks by itself after a while, so that a disk which fails is not tried in a loop.
   */
  public void failed(long ofAttempt) {
    if (ofAttempt == attempt) {
      state = State.IDLE;
    }
  }

  /** What a peer says that has everything {@code chunk}'s snapshot includes, on its own disk. */
  public static SnapshotAnswer hasIt(SnapshotChunk chunk) {
    var length = chunk.meta().length();
    return new SnapshotAnswer(chunk.transfer(), chunk.round(), length, length, Verdict.INSTALLED);
  }
}
