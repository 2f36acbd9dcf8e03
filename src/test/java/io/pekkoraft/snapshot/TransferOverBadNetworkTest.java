package io.pekkoraft.snapshot;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.Samples.meta;
import static io.pekkoraft.snapshot.Samples.piece;
import static io.pekkoraft.snapshot.Samples.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.SnapshotReceiver.Step;
import io.pekkoraft.snapshot.SnapshotSender.Bounds;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferOverBadNetworkTest {
  @ParameterizedTest(name = "loss and duplication of {0} %")
  @DisplayName("§7 whatever gets lost, doubled, late or fails, the content arrives")
  @ValueSource(ints = {0, 10, 40})
  void arrives(int percent) {
    for (var seed = 0; seed < 300; seed++) {
      new World(seed, percent).run();
    }
  }

  /** One leader, one follower and all that may happen to them, drawn from one seed. */
  private static final class World {
    private static final int BLOCK = 8;
    private static final int WINDOW = 40;
    private final SplittableRandom random;
    private final int percent;
    private final String name;
    private final List<Object> network = new ArrayList<>();
    private final Deque<SnapshotSender.Slice> reads = new ArrayDeque<>();
    private final Deque<Object> jobs = new ArrayDeque<>();
    private byte[] content;
    private SnapshotSender sender;
    private SnapshotReceiver receiver = new SnapshotReceiver(new AtomicLong()::incrementAndGet);
    private SnapshotMeta inFile;
    private ByteArrayOutputStream file = new ByteArrayOutputStream();
    private byte[] installed;
    private SnapshotMeta installedMeta;
    private long transfers;
    private long messages;

    private record Commit(long attempt) {}

    World(int seed, int percent) {
      this.random = new SplittableRandom(seed);
      this.percent = percent;
      this.name = "seed " + seed + ", " + percent + " %";
      takeSnapshot();
      beginTransfer();
    }

    private void takeSnapshot() {
      content = content(random.nextInt(400));
    }

    private void beginTransfer() {
      var meta = meta(10 + content.length, content);
      sender = new SnapshotSender(transfer(2, ++transfers), meta, new Bounds(10, WINDOW, 3));
      reads.clear();
    }

    void run() {
      for (var step = 0; step < 400; step++) {
        disturb();
        step(percent);
      }
      for (var step = 0; !sender.isInstalled(); step++) {
        assertThat(step).as("steps, %s", name).isLessThan(20_000);
        step(0);
      }
      assertThat(installed).as(name).isEqualTo(content);
      assertThat(messages).as("messages, %s", name).isLessThan(8_000);
    }

    private void disturb() {
      if (percent == 0) {
        return;
      }
      switch (random.nextInt(150)) {
        case 0 -> crash();
        case 1 -> beginTransfer();
        case 2 -> {
          takeSnapshot();
          beginTransfer();
        }
        case 3 -> failDisk();
        default -> {}
      }
    }

    /** What was in memory is gone, and the end of the file as well. */
    private void crash() {
      receiver = new SnapshotReceiver(new AtomicLong()::incrementAndGet);
      jobs.clear();
      var whole = file.size() / BLOCK * BLOCK;
      file = fileOf(Arrays.copyOf(file.toByteArray(), random.nextInt(whole / BLOCK + 1) * BLOCK));
    }

    private void failDisk() {
      if (jobs.peekFirst() instanceof Step.Write write) {
        jobs.removeFirst();
        file.reset();
        receiver.failed(write.attempt());
      }
    }

    private void step(int percent) {
      switch (random.nextInt(8)) {
        case 0 -> sender.tick();
        case 1 -> sender.next().ifPresent(reads::addLast);
        case 2 -> read();
        case 3 -> work();
        default -> deliver(percent);
      }
    }

    private void read() {
      var slice = reads.pollFirst();
      if (slice != null && sender.isCurrent(slice)) {
        send(SnapshotChunk.of(sender.meta(), slice, piece(content, slice.offset(), slice.size())));
      }
    }

    private void send(Object message) {
      messages++;
      network.add(message);
    }

    private void deliver(int percent) {
      if (network.isEmpty()) {
        return;
      }
      var at = percent == 0 ? 0 : random.nextInt(network.size());
      var message = random.nextInt(100) < percent ? network.get(at) : network.remove(at);
      if (random.nextInt(100) < percent) {
        network.remove(message);
      } else if (message instanceof SnapshotChunk chunk) {
        hear(chunk);
      } else if (message instanceof SnapshotAnswer answer) {
        sender.answered(answer);
      }
    }

    private void hear(SnapshotChunk chunk) {
      if (installedMeta != null && installedMeta.equals(chunk.meta())) {
        send(SnapshotReceiver.hasIt(chunk));
        return;
      }
      var step = receiver.heard(chunk);
      if (step instanceof Step.Reply reply) {
        send(reply.answer());
      } else if (!(step instanceof Step.Ignore)) {
        jobs.addLast(step);
      }
      var held =
          jobs.stream()
              .mapToInt(job -> job instanceof Step.Write write ? write.content().size() : 0)
              .sum();
      assertThat(held).as("bytes in memory, %s", name).isLessThanOrEqualTo(2 * WINDOW);
    }

    private void work() {
      var job = jobs.pollFirst();
      if (job instanceof Step.Open open) {
        if (!open.meta().equals(inFile)) {
          file.reset();
          inFile = open.meta();
        }
        receiver.opened(open.attempt(), file.size()).ifPresent(this::send);
        commitIfComplete(open.attempt());
      } else if (job instanceof Step.Write write) {
        write(write);
      } else if (job instanceof Commit commit) {
        assertThat(Checksum.of(Bytes.wrap(file.toByteArray()))).isEqualTo(inFile.checksum());
        installed = file.toByteArray();
        installedMeta = inFile;
        inFile = null;
        receiver.installed(commit.attempt()).ifPresent(this::send);
      }
    }

    private void write(Step.Write write) {
      if (file.size() != write.offset()) {
        // The file failed, or was opened for another snapshot; who asked for this has been told.
        return;
      }
      file.writeBytes(bytes(write.content()));
      receiver.written(write.attempt(), file.size()).ifPresent(this::send);
      commitIfComplete(write.attempt());
    }

    private void commitIfComplete(long attempt) {
      if (receiver.isComplete()) {
        jobs.addLast(new Commit(attempt));
      }
    }

    private static byte[] bytes(Bytes content) {
      return Arrays.copyOfRange(
          content.array(), content.offset(), content.offset() + content.size());
    }

    private static ByteArrayOutputStream fileOf(byte[] content) {
      var file = new ByteArrayOutputStream();
      file.writeBytes(content);
      return file;
    }
  }
}
