package io.pekkoraft.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;

/** Where a node of the ticket office lives, in all its lives. */
final class OfficePlace {
  private final Address address;
  private final Path data;
  private Phase phase = Phase.DOWN;
  private Optional<OfficeNode> node = Optional.empty();
  private CompletionStage<Done> free = CompletableFuture.completedStage(Done.done());

  /** What is to be seen of a node. */
  enum Phase {
    UP,
    STARTING,
    DOWN
  }

  OfficePlace(Address address, Path data) {
    this.address = address;
    this.data = data;
  }

  Address address() {
    return address;
  }

  Path data() {
    return data;
  }

  synchronized Phase phase() {
    return phase;
  }

  /** Empty unless it runs. */
  synchronized Optional<OfficeNode> node() {
    return node;
  }

  /** Done when the last life has ended. */
  synchronized CompletionStage<Done> free() {
    return free;
  }

  /** False when it runs already. */
  synchronized boolean starts() {
    var isDown = phase == Phase.DOWN;
    phase = isDown ? Phase.STARTING : phase;
    return isDown;
  }

  synchronized void failed() {
    phase = Phase.DOWN;
  }

  synchronized void runs(OfficeNode begun) {
    phase = Phase.UP;
    node = Optional.of(begun);
    free = begun.ended();
    free.thenRun(() -> isGone(begun));
  }

  /** Takes who is to be killed; empty when there is nobody. */
  synchronized Optional<OfficeNode> take() {
    var taken = node;
    taken.ifPresent(this::isGone);
    return taken;
  }

  private synchronized void isGone(OfficeNode gone) {
    if (node.filter(gone::equals).isPresent()) {
      phase = Phase.DOWN;
      node = Optional.empty();
    }
  }
}
