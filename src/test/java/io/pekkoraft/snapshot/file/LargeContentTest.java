package io.pekkoraft.snapshot.file;

import static io.pekkoraft.snapshot.Samples.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeContentTest {
  private static final int LONGS = Integer.getInteger("snapshot.megabytes", 200) << 17;
  private static final int CHUNK = 128 * 1024;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  @Test
  @DisplayName("200 MB go to a file, from there to another peer's, and come back, never in memory")
  void streams() throws IOException {
    try (var leader = FileSnapshotStore.open(directory.resolve("p1"), 8 << 20, Pace.Rest.NONE);
        var follower = FileSnapshotStore.open(directory.resolve("p2"), 8 << 20, Pace.Rest.NONE)) {
      var before = allocated();
      var meta = write(leader);
      assertThat(meta.length()).isEqualTo((long) LONGS * Long.BYTES);
      assertThat(leader.check(meta.id())).isEqualTo(meta);
      assertThat(allocated() - before).as("bytes allocated").isLessThan(meta.length() / 2);

      send(leader, follower, meta);
      isWhole(follower, meta);
      // What is read is new memory each time, and of no more use once the next piece is read.
      assertThat(allocated() - before).isLessThan(3 * meta.length());
    }
  }

  private static SnapshotMeta write(SnapshotStore store) throws IOException {
    try (var writing = store.write(LogPosition.of(1, 1), CONFIGURATION)) {
      var out = new DataOutputStream(new ContentOutput(writing));
      for (var i = 0; i < LONGS; i++) {
        out.writeLong(i);
      }
      out.flush();
      return writing.commit();
    }
  }

  private static void send(SnapshotStore from, SnapshotStore to, SnapshotMeta meta) {
    try (var reading = from.read(meta.id());
        var receiving = to.receive(meta)) {
      while (receiving.next() < meta.length()) {
        receiving.append(receiving.next(), reading.read(receiving.next(), CHUNK));
      }
      receiving.commit();
    }
  }

  private static void isWhole(SnapshotStore store, SnapshotMeta meta) throws IOException {
    try (var reading = store.read(meta.id());
        var in = new DataInputStream(new ContentInput(reading))) {
      for (var i = 0; i < LONGS; i++) {
        if (in.readLong() != i) {
          throw new AssertionError("At " + i);
        }
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  private static long allocated() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
