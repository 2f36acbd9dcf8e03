package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.PeerId;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final PeerId R2 = PeerId.of("r2");
  private static final Disk A = new Disk("aaaaaaaa");
  private static final Disk B = new Disk("bbbbbbbb");
  private static final Disk C = new Disk("cccccccc");
  private static final Disk D = new Disk("dddddddd");
  private static final Placement SPREAD = Placement.found("Show", 5, Map.of(B, R1, A, R1, C, R2));

  @TempDir private Path directory;

  @Test
  @DisplayName("the groups go round the disks of a replica, and each knows its own")
  void spreads() {
    assertThat(SPREAD.of(0, R1)).contains(A);
    assertThat(SPREAD.of(1, R1)).contains(B);
    assertThat(SPREAD.of(4, R2)).contains(C);
    assertThat(SPREAD.of(5, R1)).isEmpty();
    assertThat(SPREAD.of(-1, R1)).isEmpty();
    assertThat(SPREAD.of(0, PeerId.of("r3"))).isEmpty();
    assertThat(SPREAD.groupsOn(A)).containsExactly(0, 2, 4);
    assertThat(SPREAD.groupsOn(B)).containsExactly(1, 3);
    assertThat(SPREAD.groupsOn(C)).containsExactly(0, 1, 2, 3, 4);
    assertThat(SPREAD.groupsOn(D)).isEmpty();
  }

  @Test
  @DisplayName("another disk takes the place of a lost one, and of no other")
  void replaces() {
    var next = SPREAD.replacing(B, D);
    assertThat(next.version()).isEqualTo(2);
    assertThat(next.groupsOn(D)).containsExactly(1, 3);
    assertThat(next.of(0, R1)).contains(A);
    assertThat(next.newcomers()).containsExactly(D);
    assertThat(next.replacing(D, B).newcomers()).containsExactly(B);
    assertThatThrownBy(() -> SPREAD.replacing(D, B)).hasMessageContaining("holds nothing");
    assertThatThrownBy(() -> SPREAD.replacing(B, C)).hasMessageContaining("r2");
  }

  @Test
  @DisplayName("a disk twice, or a replica without one, is no placement")
  void refuses() {
    var twice = new TreeMap<>(Map.of(R1, List.of(A), R2, List.of(A)));
    assertThatThrownBy(() -> new Placement("Show", 1, 5, twice, new TreeSet<>()))
        .isInstanceOf(IllegalArgumentException.class);
    var none = new TreeMap<>(Map.of(R1, List.<Disk>of()));
    assertThatThrownBy(() -> new Placement("Show", 1, 5, none, new TreeSet<>()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("it is written as it always was, and what was written is read")
  void format() {
    var line =
        "{\"type\":\"Show\",\"version\":2,\"groups\":5,\"disks\":{\"r1\":[\"aaaaaaaa\",\"dddddddd\"],"
            + "\"r2\":[\"cccccccc\"]},\"newcomers\":[\"dddddddd\"]}";
    assertThat(PlacementFormat.write(SPREAD.replacing(B, D))).isEqualTo(line);
    assertThat(PlacementFormat.read(line)).isEqualTo(SPREAD.replacing(B, D));
    for (var size = 0; size < line.length(); size++) {
      var part = line.substring(0, size);
      assertThatThrownBy(() -> PlacementFormat.read(part))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("a disk keeps its name and what was settled; another directory is another disk")
  void files() {
    var here = directory.resolve("here").toString();
    var disk = PlacementFiles.in(here).disk();
    assertThat(PlacementFiles.in(here).placementOf("Show")).isEmpty();
    PlacementFiles.in(here).keep(SPREAD);
    PlacementFiles.in(here).keep(SPREAD.replacing(B, D));
    assertThat(PlacementFiles.in(here).disk()).isEqualTo(disk);
    assertThat(PlacementFiles.in(here).placementOf("Show")).contains(SPREAD.replacing(B, D));
    assertThat(PlacementFiles.in(here).placementOf("Other")).isEqualTo(Optional.empty());
    assertThat(PlacementFiles.in(directory.resolve("there").toString()).disk()).isNotEqualTo(disk);
  }

  @Test
  @DisplayName("types that begin at once, on several threads, find one disk")
  void oneName() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      for (var round = 0; round < 50; round++) {
        var here = directory.resolve("above").resolve("d" + round).toString();
        var begin = new CyclicBarrier(4);
        var named = new ArrayList<Future<Disk>>();
        for (var i = 0; i < 4; i++) {
          named.add(
              threads.submit(
                  () -> {
                    begin.await(30, TimeUnit.SECONDS);
                    return PlacementFiles.in(here).disk();
                  }));
        }
        var names = new HashSet<Disk>();
        for (var one : named) {
          names.add(one.get(30, TimeUnit.SECONDS));
        }
        assertThat(names).containsExactly(PlacementFiles.in(here).disk());
        assertThat(Path.of(here)).isDirectoryNotContaining("glob:**.new");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @DisplayName("what is damaged is refused by its name, and nothing is made in its place")
  void damaged() throws Exception {
    var files = PlacementFiles.in(directory.toString());
    files.keep(SPREAD);
    Files.writeString(directory.resolve("Show.placement"), "{\"type\":");
    assertThatThrownBy(() -> files.placementOf("Show"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Show.placement");
    Files.writeString(directory.resolve("disk"), "");
    assertThatThrownBy(files::disk)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("disk");
    assertThat(Files.readString(directory.resolve("disk"))).isEmpty();
  }

  @Test
  @DisplayName("where nothing can be kept nothing begins")
  void notWritable() throws Exception {
    var file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> PlacementFiles.in(file.resolve("below").toString()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("file");
  }
}
