package io.pekkoraft.snapshot.file;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.Samples.meta;
import static io.pekkoraft.snapshot.file.SnapshotFiles.names;
import static io.pekkoraft.snapshot.file.SnapshotFiles.read;
import static io.pekkoraft.snapshot.file.SnapshotFiles.receive;
import static io.pekkoraft.snapshot.file.SnapshotFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashTest {
  private static final byte[] OLD = content(300);
  private static final byte[] NEW = content(150_000);
  private static final SnapshotMeta OLD_META = meta(7, OLD);
  private static final SnapshotMeta NEW_META = meta(9, NEW);

  /** How it ends. */
  private enum End {
    KILLED,
    POWER_LOST_NAMES_KEPT,
    POWER_AND_NAMES_LOST
  }

  private interface Work {
    void on(SnapshotStore store);
  }

  @TempDir Path temporary;
  private SnapshotMeta promised;

  @ParameterizedTest
  @DisplayName("a crash between any two steps of writing leaves the old snapshot or the new one")
  @EnumSource
  void whileWriting(End end) throws IOException {
    everywhere(
        end,
        store -> {
          promised = write(store, 9, NEW);
          store.retain(List.of(promised.id()));
        });
  }

  @ParameterizedTest
  @DisplayName(
      "a crash between any two steps of receiving, too, and then it is received to its end")
  @EnumSource
  void whileReceiving(End end) throws IOException {
    everywhere(
        end,
        store -> {
          try (var receiving = store.receive(NEW_META)) {
            receive(receiving, NEW, NEW.length);
            promised = receiving.commit();
          }
          store.retain(List.of(promised.id()));
        });
  }

  private void everywhere(End end, Work work) throws IOException {
    var killed = true;
    for (var step = 0; killed; step++) {
      var directory = temporary.resolve(Integer.toString(step));
      killed = crashAt(step, directory, end, work);
      assertThat(step).isLessThan(100);
    }
  }

  private boolean crashAt(int step, Path directory, End end, Work work) throws IOException {
    var files = new FragileFiles();
    promised = null;
    var killed = false;
    try (var store = FileSnapshotStore.open(files, directory, 64 * 1024, Pace.Rest.NONE)) {
      write(store, 7, OLD);
      files.killAt(step);
      work.on(store);
    } catch (FragileFiles.Killed now) {
      killed = true;
    }
    if (end != End.KILLED) {
      files.losePower(directory, end == End.POWER_AND_NAMES_LOST);
    }
    holdsAfter(directory, "killed at step " + step);
    return killed;
  }

  private void holdsAfter(Path directory, String when) throws IOException {
    try (var store = SnapshotFiles.open(directory)) {
      assertThat(names(directory)).as(when).noneMatch(name -> name.endsWith(".part"));
      var committed = store.committed();
      assertThat(committed).as(when).isSubsetOf(OLD_META, NEW_META).isNotEmpty();
      committed.forEach(meta -> assertThat(store.check(meta.id())).as(when).isEqualTo(meta));
      if (promised != null) {
        assertThat(committed).as(when).contains(NEW_META);
      }
      try (var receiving = store.receive(NEW_META)) {
        receive(receiving, NEW, NEW.length);
        receiving.commit();
      }
      assertThat(read(store, NEW_META.id())).as(when).isEqualTo(NEW);
    }
  }
}
