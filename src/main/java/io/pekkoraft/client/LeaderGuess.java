package io.pekkoraft.client;

import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whom to ask, as far as a client knows. While it is not sure, one request at a time goes out to
 * find the leader, and the others wait: thousands that each went from peer to peer would keep the
 * peers from the very election that they wait for. Times are in nanoseconds of one clock.
 */
final class LeaderGuess {
  private final Supplier<List<PeerId>> peers;
  private final long backoff;
  private final long patience;
  private PeerId guess;
  private boolean sure;
  private Optional<Long> nextProbe = Optional.empty();
  private int hintsFollowed;

  /**
   * @param peers who they are now, one at least
   * @param backoff how long to wait before the next one is asked when nobody seems to lead
   * @param patience how long to wait for an answer
   */
  LeaderGuess(Supplier<List<PeerId>> peers, long backoff, long patience) {
    this.peers = peers;
    this.backoff = backoff;
    this.patience = patience;
    this.guess = peers.get().get(0);
  }

  /** The peer to ask now, if there is one; while it is a probe, nobody else gets one. */
  Optional<PeerId> ask(long now) {
    if (sure) {
      return Optional.of(guess);
    }
    if (nextProbe.isPresent() && now - nextProbe.get() < 0) {
      return Optional.empty();
    }
    nextProbe = Optional.of(now + patience);
    return Optional.of(guess);
  }

  /**
   * It did what only a leader can do.
   *
   * @return whether that is news
   */
  boolean leads(PeerId peer) {
    var news = !sure || !peer.equals(guess);
    guess = peer;
    sure = true;
    hintsFollowed = 0;
    return news;
  }

  /**
   * It says that it does not lead. Old news count for nothing.
   *
   * @param hint who does, if it knows; followed as often as there are peers, for two of them may
   *     refer to each other
   */
  void doesNotLead(PeerId peer, Optional<PeerId> hint, long now) {
    if (!peer.equals(guess)) {
      return;
    }
    var other = hint.filter(peers.get()::contains).filter(id -> !id.equals(peer));
    if (other.isPresent() && hintsFollowed < peers.get().size()) {
      hintsFollowed++;
      guess(other.get(), now);
    } else {
      hintsFollowed = 0;
      guess(next(), now + backoff);
    }
  }

  /** It led, and has left: it may know who leads now. */
  void left(PeerId peer, long now) {
    if (peer.equals(guess)) {
      guess(peer, now);
    }
  }

  /** It is not there, or says nothing. */
  void isSilent(PeerId peer, long now) {
    if (peer.equals(guess)) {
      var wholeRound = peers.get().indexOf(peer) == peers.get().size() - 1;
      guess(next(), wholeRound ? now + backoff : now);
    }
  }

  private PeerId next() {
    var all = peers.get();
    return all.get((all.indexOf(guess) + 1) % all.size());
  }

  private void guess(PeerId peer, long notBefore) {
    guess = peer;
    sure = false;
    nextProbe = Optional.of(notBefore);
  }
}
