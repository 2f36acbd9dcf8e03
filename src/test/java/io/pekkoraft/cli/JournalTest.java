package io.pekkoraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.cli.Shell.Outcome;
import io.pekkoraft.demo.IdempotentKeyValue;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code journal} on the directory of a group that has run, which is damaged in each way. */
class JournalTest {
  @TempDir static Path made;
  @TempDir Path temporary;
  private Path data;

  @BeforeAll
  static void run() throws Exception {
    var config =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko-raft.rocksdb.dir",
                    made.resolve("data").toString(),
                    "pekko-raft.rocksdb.memtable-size",
                    "64 KiB",
                    "pekko-raft.snapshots.keep-entries",
                    10))
            .withFallback(ConfigFactory.parseResources("patient.conf"))
            .withFallback(ConfigFactory.load());
    var kit = ActorTestKit.create("journal-cli", config);
    try {
      RaftGroup<Command, Result> group =
          RaftGroup.spawn(
              kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
      for (var i = 0; i < 120; i++) {
        put(group, i);
        if (i == 80) {
          for (var peer : group.peers()) {
            group.takeSnapshot(peer, Duration.ofSeconds(30)).toCompletableFuture().join();
          }
        }
      }
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static void put(RaftGroup<Command, Result> group, int i) throws Exception {
    group
        .propose(new Put("key-" + i, "x".repeat(1000).getBytes("UTF-8"), List.of()))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @BeforeEach
  void copy() throws IOException {
    data = temporary.resolve("data");
    var from = made.resolve("data");
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, data.resolve(from.relativize(file).toString()));
      }
    }
  }

  private Outcome verify(String... more) {
    return Shell.run(new String[] {"journal", "verify", data.toString()}, more);
  }

  private List<Path> files(String pattern) {
    try (var files = Files.walk(data)) {
      return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void change(Path file, UnaryOperator<byte[]> how) throws IOException {
    Files.write(file, how.apply(Files.readAllBytes(file)));
  }

  private static byte[] flipped(byte[] bytes) {
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  private static byte[] halved(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private Map<Path, String> everything() {
    var all = new TreeMap<Path, String>();
    for (var file : files(".*")) {
      try {
        var content = Files.isDirectory(file) ? 0 : Arrays.hashCode(Files.readAllBytes(file));
        all.put(file, content + " of " + Files.getLastModifiedTime(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  @Test
  @DisplayName("a sound directory is sound, and nothing in it is touched")
  void sound() {
    var before = everything();
    var verified = verify().exits(Exit.OK);
    assertThat(verified.out()).contains("GROUP", "p1", "p2", "p3", "Sound.").doesNotContain("\r");
    var json = verify("--json").exits(Exit.OK).json();
    assertThat(json.get("sound").asBoolean()).isTrue();
    assertThat(json.get("peers")).hasSize(3);
    for (var peer : json.get("peers")) {
      assertThat(peer.get("lastIndex").asLong()).isGreaterThanOrEqualTo(120);
      assertThat(peer.get("firstIndex").asLong()).isGreaterThan(1);
      assertThat(peer.get("snapshot").get("index").asLong()).isGreaterThanOrEqualTo(81);
    }
    assertThat(verify("--progress").exits(Exit.OK).err()).contains("100 %");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  @DisplayName("a flipped bit in any sorted file, in the log, and in a snapshot is found")
  void flippedBits() throws IOException {
    assertThat(files("\\d+\\.sst")).isNotEmpty();
    for (var file : files("\\d+\\.sst|.*\\.snapshot")) {
      var whole = Files.readAllBytes(file);
      change(file, JournalTest::flipped);
      assertThat(verify().exits(Exit.DAMAGED).out())
          .contains("DAMAGED", file.getFileName().toString());
      Files.write(file, whole);
    }
    verify().exits(Exit.OK);
    var logs = files("\\d+\\.log");
    var log = logs.get(logs.size() - 1);
    change(
        log,
        bytes -> {
          bytes[100] ^= 1; // At the end is what a file's former life left.
          return bytes;
        });
    assertThat(verify().exits(Exit.DAMAGED).out()).contains("damaged in the middle");
  }

  @Test
  @DisplayName("files that are cut short or gone are found")
  void shortAndMissing() throws IOException {
    var snapshot = files(".*\\.snapshot").get(0);
    var whole = Files.readAllBytes(snapshot);
    change(snapshot, JournalTest::halved);
    assertThat(verify().exits(Exit.DAMAGED).out()).contains("kv/p1").contains("bytes");
    Files.delete(snapshot);
    var missing = verify().exits(Exit.DAMAGED);
    assertThat(missing.out()).contains("kv/p1: there is no snapshot");
    assertThat(missing.out()).contains("ctl remove", "ctl add");
    Files.write(snapshot, whole);
    verify().exits(Exit.OK);

    var table = files("\\d+\\.sst").get(0);
    whole = Files.readAllBytes(table);
    change(table, JournalTest::halved);
    verify().exits(Exit.DAMAGED);
    Files.delete(table);
    verify("--json").exits(Exit.DAMAGED);
    Files.write(table, whole);
    Files.delete(data.resolve("CURRENT"));
    verify().exits(Exit.DAMAGED);
  }

  @Test
  @DisplayName("what is no data directory, or in use, is said to be; nothing is made there")
  void noDataDirectory() throws IOException {
    var empty = Files.createDirectory(temporary.resolve("empty"));
    assertThat(Shell.run("journal", "verify", empty.toString()).exits(Exit.FAILED).err())
        .contains("no store of events");
    assertThat(empty).isEmptyDirectory();
    Shell.run("journal", "dump", temporary.resolve("nowhere").toString()).exits(Exit.FAILED);
    assertThat(temporary.resolve("nowhere")).doesNotExist();
    try (var channel = FileChannel.open(data.resolve("in-use.lock"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      var used = verify().exits(Exit.FAILED);
      assertThat(used.err()).contains("is in use");
    }
  }

  @Test
  @DisplayName("a dump tells entries by index, term and kind, of whom and of which one asks for")
  void dumps() {
    var some = Shell.run("journal", "dump", data.toString(), "--peer=p2", "--from=100", "--to=104");
    assertThat(some.exits(Exit.OK).out()).doesNotContain("kv/p1").contains("kv/p2", "command");
    assertThat(
            some.out()
                .lines()
                .filter(line -> line.contains("bytes"))
                .filter(line -> line.contains(" command ")))
        .hasSize(5);
    var said = Shell.run("journal", "dump", data.toString(), "--peer=p2", "--commands", "--json");
    assertThat(said.exits(Exit.OK).out()).contains("KeyValue$Put", "key-100");
    assertThat(said.out().lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
  }

  @Test
  @DisplayName("repair removes what nobody reads again, when told to, and keeps a copy")
  void repairs() throws IOException {
    var directory = files(".*\\.snapshot").get(0).getParent();
    var part =
        Files.writeString(directory.resolve("0000000000000000001-0000000000000000001.part"), "x");
    var stray = Files.writeString(directory.resolve("notes.txt"), "mine");
    var dry = Shell.run("journal", "repair", data.toString()).exits(Exit.OK);
    assertThat(dry.out()).contains(part.toString(), "Nothing was done");
    assertThat(part).exists();
    Shell.run("journal", "repair", data.toString(), "--yes").exits(Exit.OK);
    assertThat(part).doesNotExist();
    assertThat(stray).exists();
    try (var copies = Files.walk(temporary.resolve("data.removed"))) {
      assertThat(copies.filter(Files::isRegularFile))
          .singleElement()
          .satisfies(copy -> assertThat(copy).hasContent("x"));
    }
    verify().exits(Exit.OK);
  }

  @Test
  @DisplayName("repair leaves alone what is damaged, and says what is safe")
  void refusesToGuess() throws IOException {
    var snapshot = files(".*\\.snapshot").get(0);
    change(snapshot, JournalTest::flipped);
    Files.writeString(snapshot.resolveSibling("1-1.part"), "x");
    var before = everything();
    var refused = Shell.run("journal", "repair", data.toString(), "--yes").exits(Exit.DAMAGED);
    assertThat(refused.out()).contains("may have been acknowledged", "ctl remove");
    assertThat(everything()).isEqualTo(before);
  }
}
