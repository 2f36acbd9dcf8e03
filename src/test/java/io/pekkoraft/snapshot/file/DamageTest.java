package io.pekkoraft.snapshot.file;

import static io.pekkoraft.snapshot.Samples.content;
import static io.pekkoraft.snapshot.file.SnapshotFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotException.Missing;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  @TempDir Path directory;
  private FileSnapshotStore store;
  private SnapshotMeta older;

  @BeforeEach
  void open() {
    store = SnapshotFiles.open(directory);
    older = write(store, 1, content(5));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  @DisplayName("a change of a bit in any byte is found, and an older snapshot stands in")
  void anyByte() throws IOException {
    var meta = write(store, 9, content(200));
    var file = file(meta);
    var sound = Files.readAllBytes(file);
    for (var bit = 0; bit < sound.length * 8; bit += 3) {
      var damaged = sound.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      isFound(meta, "bit " + bit);
    }
  }

  @Test
  @DisplayName("who finds damage is told what to do, and not to delete what the journal points at")
  void advice() throws IOException {
    Files.write(file(older), new byte[] {1});
    assertThatThrownBy(() -> store.check(older.id()))
        .isInstanceOf(Damaged.class)
        .hasMessageContaining("remove it from the group")
        .hasMessageNotContaining("delete");
  }

  @Test
  @DisplayName("a file that ends too early, anywhere, or too late is found")
  void length() throws IOException {
    var meta = write(store, 9, content(200));
    var file = file(meta);
    var sound = Files.readAllBytes(file);
    for (var size = 0; size <= sound.length + 1; size++) {
      Files.write(file, Arrays.copyOf(sound, size));
      if (size != sound.length) {
        isFound(meta, "size " + size);
      }
    }
  }

  @Test
  @DisplayName("blocks that changed places are found")
  void exchangedBlocks() throws IOException {
    var meta = write(store, 9, content(3 * Layout.BLOCK));
    var bytes = Files.readAllBytes(file(meta));
    var size = Layout.CRC + Layout.BLOCK;
    var first = (int) Layout.blockAt(meta.configuration(), 0);
    var second = Arrays.copyOfRange(bytes, first + size, first + 2 * size);
    System.arraycopy(bytes, first, bytes, first + size, size);
    System.arraycopy(second, 0, bytes, first, size);
    Files.write(file(meta), bytes);
    isFound(meta, "exchanged");
    try (var reading = store.read(meta.id())) {
      assertThatThrownBy(() -> reading.read(10, 10)).isInstanceOf(Damaged.class);
      assertThat(reading.read(2 * Layout.BLOCK, 10).size()).isEqualTo(10);
    }
  }

  @Test
  @DisplayName("a file under another's name is found")
  void wrongName() throws IOException {
    var meta = write(store, 9, content(200));
    Files.copy(file(older), file(meta), StandardCopyOption.REPLACE_EXISTING);
    isFound(meta, "another's");
  }

  @Test
  @DisplayName("the error names the file, what is wrong with it, and what to do")
  void message() throws IOException {
    var meta = write(store, 9, content(200));
    var bytes = Files.readAllBytes(file(meta));
    bytes[bytes.length - 1]++;
    Files.write(file(meta), bytes);
    assertThatThrownBy(() -> store.check(meta.id()))
        .hasMessageContaining(file(meta).toString())
        .hasMessageContaining("does not fit its checksum")
        .hasMessageContaining("put back an undamaged copy");
    store.retain(List.of(older.id()));
    assertThatThrownBy(() -> store.read(meta.id()))
        .isInstanceOf(Missing.class)
        .hasMessageContaining("there is no snapshot 9@3");
  }

  @Test
  @DisplayName("the bytes of version 1 stay what they are")
  void golden() throws IOException {
    var meta = write(store, 9, new byte[] {1, 2, 3});
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file(meta))))
        .isEqualTo(
            "504b52414654534e" // PKRAFTSN
                + "01" // version
                + "0000000000000003" // term
                + "0000000000000009" // index
                + "0000000000000003" // length
                + "f130f21e" // checksum
                + "00000008"
                + "70312c70322c7033" // configuration
                + "356de137"
                + "3b85e79c"
                + "010203");
  }

  private Path file(SnapshotMeta meta) {
    return directory.resolve(FileNames.whole(meta.id()));
  }

  private void isFound(SnapshotMeta meta, String what) {
    assertThatThrownBy(() -> store.check(meta.id())).as(what).isInstanceOf(Damaged.class);
    assertThat(store.newestUndamaged()).as(what).contains(older);
  }
}
