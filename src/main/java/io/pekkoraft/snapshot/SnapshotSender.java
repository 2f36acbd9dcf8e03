package io.pekkoraft.snapshot;

import io.pekkoraft.snapshot.SnapshotAnswer.Verdict;
import java.util.Optional;

/**
 * The leader's side of one transfer: what to send next, paced by what the follower has written
 * (§7). It holds no content. Whoever asks for a slice reads it elsewhere, and sends it if it {@link
 * #isCurrent} by then.
 *
 * <p>Nothing here relies on delivery. A transfer begins with a question, and so does whatever comes
 * after a silence: its answer says where the follower is, be it nowhere or near the end.
 */
public final class SnapshotSender {
  private final SnapshotTransfer transfer;
  private final SnapshotMeta meta;
  private final Bounds bounds;
  private State state = State.ASK;
  private long sent;
  private long written;
  private long round;
  private int quiet;
  private boolean silent;

  /**
   * How much, and how patiently.
   *
   * @param chunkBytes the most bytes of content in one chunk; below the frame of the transport
   * @param windowBytes the most bytes that are sent before the follower has written them
   * @param patience how many calls of {@link #tick} without an answer before it asks again
   */
  public record Bounds(int chunkBytes, long windowBytes, int patience) {
    public Bounds {
      if (chunkBytes < 1 || windowBytes < chunkBytes || patience < 1) {
        throw new IllegalArgumentException(
            "At least one byte a chunk, one chunk a window and one tick of patience, but " + this);
      }
    }
  }

  /** A piece of the snapshot that is to be sent; of size 0 if it is a question. */
  public record Slice(SnapshotTransfer transfer, long round, long offset, int size) {}

  private enum State {
    /** A question is to be sent. */
    ASK,
    /** It is sent, and nothing else is until it is answered, or too old. */
    ASKED,
    /** As much is sent as the window holds. */
    STREAM,
    INSTALLED
  }

  public SnapshotSender(SnapshotTransfer transfer, SnapshotMeta meta, Bounds bounds) {
    this.transfer = transfer;
    this.meta = meta;
    this.bounds = bounds;
  }

  public SnapshotTransfer transfer() {
    return transfer;
  }

  public SnapshotMeta meta() {
    return meta;
  }

  /** Whether the follower has all that the snapshot includes, in effect. */
  public boolean isInstalled() {
    return state == State.INSTALLED;
  }

  /** Whether the leader's patience came to its end, and no answer since: nobody may be there. */
  public boolean isSilent() {
    return silent;
  }

  /** The part of the content that the follower has written, from 0 to 1. */
  public double progress() {
    if (isInstalled()) {
      return 1;
    }
    return meta.length() == 0 ? 0 : (double) written / meta.length();
  }

  /** What is to be sent now; to be called until there is nothing more. */
  public Optional<Slice> next() {
    if (state == State.ASK) {
      state = State.ASKED;
      return Optional.of(new Slice(transfer, round, 0, 0));
    }
    var room = Math.min(meta.length(), written + bounds.windowBytes()) - sent;
    if (state != State.STREAM || room <= 0) {
      return Optional.empty();
    }
    // A small rest of the window waits until it is a chunk: else chunks get smaller and smaller.
    var size = Math.min(bounds.chunkBytes(), meta.length() - sent);
    if (size > room) {
      return Optional.empty();
    }
    var slice = new Slice(transfer, round, sent, (int) size);
    sent += size;
    return Optional.of(slice);
  }

  /** Whether it still makes sense to send {@code slice}, which took its time to be read. */
  public boolean isCurrent(Slice slice) {
    return slice.transfer().equals(transfer) && slice.round() == round && !isInstalled();
  }

  /** The follower has answered; one that is late changes nothing, unless it is good news. */
  public void answered(SnapshotAnswer answer) {
    if (!answer.transfer().equals(transfer) || isInstalled()) {
      return;
    }
    if (answer.verdict() == Verdict.INSTALLED) {
      state = State.INSTALLED;
    } else if (isSound(answer) && state == State.ASKED) {
      // An answer to an earlier question will do: the next one may take as long.
      hears();
      goOnAt(answer);
      state = State.STREAM;
    } else if (isSound(answer) && state == State.STREAM && answer.round() == round) {
      hears();
      inStream(answer);
    }
  }

  private void hears() {
    quiet = 0;
    silent = false;
  }

  private void inStream(SnapshotAnswer answer) {
    if (answer.verdict() != Verdict.GAP) {
      written = Math.max(written, answer.written());
      sent = Math.max(sent, answer.accepted());
    } else if (answer.accepted() >= written) {
      goOnAt(answer);
      // Each chunk behind the gap is answered like this, and one answer is enough.
      round++;
    }
    // A follower that has lost what it had written is asked after a silence, and not at once: its
    // disk may fail at each attempt.
  }

  private void goOnAt(SnapshotAnswer answer) {
    sent = answer.accepted();
    written = answer.written();
  }

  private boolean isSound(SnapshotAnswer answer) {
    return 0 <= answer.written()
        && answer.written() <= answer.accepted()
        && answer.accepted() <= meta.length();
  }

  /** Time has passed. To be called at a steady pace, about once a heartbeat. */
  public void tick() {
    quiet++;
    if (quiet >= bounds.patience() && !isInstalled()) {
      quiet = 0;
      silent = true;
      round++;
      state = State.ASK;
    }
  }
}
