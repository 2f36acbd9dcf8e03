package io.pekkoraft.snapshot.file;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.Samples.meta;
import static io.pekkoraft.snapshot.file.SnapshotFiles.names;
import static io.pekkoraft.snapshot.file.SnapshotFiles.read;
import static io.pekkoraft.snapshot.file.SnapshotFiles.receive;
import static io.pekkoraft.snapshot.file.SnapshotFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.Samples;
import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotException.NotOpened;
import io.pekkoraft.snapshot.SnapshotException.NotWritten;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSnapshotStoreTest {
  @TempDir Path parent;
  private final FragileFiles files = new FragileFiles();
  private Path directory;
  private FileSnapshotStore store;

  @BeforeEach
  void open() {
    directory = parent.resolve("p1/snapshots");
    store = FileSnapshotStore.open(files, directory, SnapshotFiles.SYNC_BYTES, Pace.Rest.NONE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest(name = "{0} bytes")
  @DisplayName("what was written is read, from wherever")
  @ValueSource(ints = {0, 1, Layout.BLOCK - 1, Layout.BLOCK, Layout.BLOCK + 1, 200_000})
  void roundTrip(int size) {
    var content = content(size);
    var meta = write(store, 9, content);
    assertThat(meta).isEqualTo(meta(9, content));
    assertThat(store.check(meta.id())).isEqualTo(meta);
    assertThat(read(store, meta.id())).isEqualTo(content);
    try (var reading = store.read(meta.id())) {
      assertThat(reading.read(size / 2, 100_000))
          .isEqualTo(Samples.piece(content, size / 2, Math.min(100_000, size - size / 2)));
      assertThat(reading.read(size, 10)).isEqualTo(Bytes.EMPTY);
    }
  }

  @Test
  @DisplayName("a snapshot on its way is none, and an aborted one leaves nothing")
  void aborted() throws IOException {
    try (var writing = store.write(LogPosition.of(3, 9), Bytes.EMPTY)) {
      writing.write(new byte[100], 0, 100);
      assertThat(store.committed()).isEmpty();
    }
    assertThat(names(directory)).isEmpty();
  }

  @Test
  @DisplayName(
      "the newest comes first; all but the named ones are deleted, and can be read to the end")
  void retains() throws IOException {
    var first = write(store, 8, content(70_000));
    var second = write(store, 9, content(11));
    var third = write(store, 10, content(12));
    assertThat(store.committed()).containsExactly(third, second, first);
    try (var reading = store.read(first.id())) {
      store.retain(List.of(third.id()));
      assertThat(reading.read(0, 70_000).size()).isEqualTo(70_000);
    }
    assertThat(names(directory)).containsExactly(FileNames.whole(third.id()));
  }

  @Test
  @DisplayName("what a crash left of writing is removed at the start; what was received goes on")
  void leftovers() throws IOException {
    var content = content(150_000);
    var meta = meta(9, content);
    var writing = store.write(LogPosition.of(3, 8), Bytes.EMPTY);
    writing.write(content, 0, content.length);
    var receiving = store.receive(meta);
    receive(receiving, content, 140_000);
    store.close(); // And neither of the two: the process is gone.
    store = FileSnapshotStore.open(files, directory, SnapshotFiles.SYNC_BYTES, Pace.Rest.NONE);
    assertThat(names(directory)).containsExactly(FileNames.receiving(meta.id()));
    try (var resumed = store.receive(meta)) {
      assertThat(resumed.next()).isEqualTo(2 * Layout.BLOCK);
      receive(resumed, content, content.length);
      assertThat(resumed.commit()).isEqualTo(meta);
    }
    assertThat(read(store, meta.id())).isEqualTo(content);
    assertThat(names(directory)).containsExactly(FileNames.whole(meta.id()));
  }

  @Test
  @DisplayName("what was received of another snapshot is removed, and what is no longer needed")
  void receivesOne() throws IOException {
    var first = meta(9, content(100));
    store.receive(first).close();
    var second = meta(10, content(100));
    store.receive(second).close();
    assertThat(names(directory)).containsExactly(FileNames.receiving(second.id()));
    var own = write(store, 10, content(50));
    store.retain(List.of(own.id()));
    assertThat(names(directory)).containsExactly(FileNames.whole(own.id()));
  }

  @Test
  @DisplayName("same checksum, other configuration: what was received is of another snapshot")
  void otherConfiguration() {
    var content = content(100_000);
    var meta = meta(9, content);
    try (var receiving = store.receive(meta)) {
      receive(receiving, content, 100_000);
    }
    try (var receiving =
        store.receive(
            new SnapshotMeta(meta.position(), Bytes.EMPTY, meta.length(), meta.checksum()))) {
      assertThat(receiving.next()).isZero();
    }
  }

  @Test
  @DisplayName("what was received takes effect only whole, and as announced")
  void verified() throws IOException {
    var content = content(100);
    try (var tooShort = store.receive(meta(9, content))) {
      receive(tooShort, content, 99);
      assertThatThrownBy(tooShort::commit)
          .isInstanceOf(Damaged.class)
          .hasMessageContaining("has 99 bytes");
    }
    try (var other = store.receive(meta(9, content))) {
      receive(other, new byte[100], 100);
      assertThatThrownBy(other::commit)
          .isInstanceOf(Damaged.class)
          .hasMessageContaining("the leader sends the snapshot anew");
    }
    assertThat(names(directory)).isEmpty();
  }

  @Test
  @DisplayName("content is added where it goes on, and nowhere else")
  void inOrder() {
    try (var receiving = store.receive(meta(9, content(100)))) {
      assertThatThrownBy(() -> receiving.append(1, Bytes.wrap(new byte[1])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> receiving.append(0, Bytes.wrap(new byte[101])))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a disk that is full or fails is reported, its room given back, the old one kept")
  @ValueSource(strings = {"write", "sync", "close", "rename"})
  void fullDisk(String kind) throws IOException {
    var old = write(store, 7, content(10));
    files.steps().clear();
    files.fail(kind);
    assertThatThrownBy(() -> write(store, 9, content(150_000)))
        .isInstanceOf(NotWritten.class)
        .hasMessageContaining(FileNames.part(LogPosition.of(3, 9)))
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("bytes are free")
        .hasMessageContaining("Make room");
    assertThat(files.steps().subList(files.steps().indexOf(kind) + 1, files.steps().size()))
        .as("what is done after a failure: never the same again, on the same file")
        .isSubsetOf("close", "delete");
    assertThat(names(directory)).containsExactly(FileNames.whole(old.id()));
    files.fail("");
    var later = write(store, 9, content(150_000));
    assertThat(store.newestUndamaged()).contains(later);
  }

  @Test
  @DisplayName("a receiver's full disk loses what had come, for a failed sync may have lost it too")
  void fullWhileReceiving() throws IOException {
    var content = content(150_000);
    var receiving = store.receive(meta(9, content));
    files.fail("sync");
    assertThatThrownBy(() -> receive(receiving, content, content.length))
        .isInstanceOf(NotWritten.class);
    assertThat(names(directory)).isEmpty();
    assertThatThrownBy(receiving::commit).isInstanceOf(RuntimeException.class);
    files.fail("");
    try (var again = store.receive(meta(9, content))) {
      assertThat(again.next()).isZero();
    }
  }

  @Test
  @DisplayName("two stores never share a directory")
  void locked() {
    assertThatThrownBy(() -> SnapshotFiles.open(directory))
        .isInstanceOf(NotOpened.class)
        .hasMessageContaining("in use");
  }

  @Test
  @DisplayName("a directory that can't be made is reported")
  void noDirectory() throws IOException {
    var file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> SnapshotFiles.open(file.resolve("below")))
        .isInstanceOf(NotOpened.class)
        .hasMessageContaining("below");
  }
}
