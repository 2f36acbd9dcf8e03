package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says about backup and restore, done with real processes and files. */
class BackupTest {
  @TempDir Path directory;

  private static void copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }

  /** Writes, has a snapshot taken of half of it, and stops. */
  private static void fill(Path data) throws InterruptedException {
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      var http = demo.http();
      http.putSurely("/kv/before-the-snapshot", "1");
      http.send("POST", "/raft/snapshot", BodyPublishers.noBody()).is(200);
      http.putSurely("/kv/after-the-snapshot", "2");
      demo.terminate();
      assertThat(demo.exitCode()).isEqualTo(143);
    }
  }

  private static void holdsWhatWasCopied(HttpEdge http) {
    assertThat(http.get("/kv/before-the-snapshot").is(200).text()).isEqualTo("1");
    assertThat(http.get("/kv/after-the-snapshot").is(200).text()).isEqualTo("2");
  }

  @Test
  @DisplayName(
      "a copy of a stopped group's directory, put back, is the group as it was then, and works")
  void restores() throws Exception {
    var data = directory.resolve("data");
    var backup = directory.resolve("backup");
    fill(data);
    copy(data, backup);
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      demo.http().putSurely("/kv/later", "3");
      demo.killHard();
    }

    delete(data);
    copy(backup, data);
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      var http = demo.http();
      holdsWhatWasCopied(http);
      http.get("/kv/later").is(404);
      http.putSurely("/kv/new", "4");
    }
  }

  @Test
  @DisplayName(
      "a copy without its journal, or with a file of it gone, does not start as if it were new")
  void incompleteCopies() throws Exception {
    var data = directory.resolve("data");
    fill(data);
    var damaged = directory.resolve("damaged");
    copy(data, damaged);
    Files.delete(damaged.resolve("CURRENT"));
    try (var demo = DemoProcess.start(damaged, 0)) {
      demo.awaitLine(Pattern.compile("can't start"));
    }
  }

  @Test
  @DisplayName("a directory in use is not opened a second time")
  void inUse() {
    var data = directory.resolve("data");
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      demo.http();
      try (var second = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
        second.awaitLine(Pattern.compile("is in use by another process"));
      }
    }
  }
}
