package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} leaves in {@code target}, as its users find it. */
@Tag("packaged")
class PackagedTest {
  private static final Path JAR = Path.of("target", "pekko-raft.jar");

  @TempDir private Path data;

  @Test
  @DisplayName("the jar is all it takes: the demo begins, keeps a value, and has it again")
  void runsTheDemo() {
    try (var demo = DemoProcess.ofJar(JAR, "demo", "--port=0", "--data=" + data)) {
      demo.http().putSurely("/kv/seat-12A", "taken");
      demo.killHard();
    }
    try (var again = DemoProcess.ofJar(JAR, "demo", "-p", "0", "-d", data.toString())) {
      assertThat(again.http().get("/kv/seat-12A").is(200).text()).isEqualTo("taken");
    }
  }

  @Test
  @DisplayName("the ticket office begins with --sharding")
  void runsTheTicketOffice() {
    try (var demo = DemoProcess.ofJar(JAR, "demo", "--sharding", "-p", "0", "-d", data + "")) {
      demo.awaitLine(Pattern.compile("ticket office listens on http://127\\.0\\.0\\.1:\\d+"));
    }
  }

  @Test
  @DisplayName("it says its version, and who may do what with it")
  void saysWhatItIs() throws IOException {
    try (var version = DemoProcess.ofJar(JAR, "--version")) {
      assertThat(version.exitCode()).isZero();
      assertThat(version.lines().get(0)).matches("pekko-raft \\d+\\.\\d+\\.\\d+.*");
    }
    try (var jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
      assertThat(jar.getEntry("META-INF/NOTICE")).isNotNull();
      assertThat(jar.getManifest().getMainAttributes().getValue("Multi-Release")).isEqualTo("true");
      assertThat(jar.stream().map(entry -> entry.getName()))
          .noneMatch(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA)"));
    }
  }

  @Test
  @DisplayName("the settings of all that is inside are there, each once")
  void mergesTheSettings() throws IOException {
    try (var jar = new JarFile(JAR.toFile());
        var all = jar.getInputStream(jar.getEntry("reference.conf"))) {
      var config = ConfigFactory.parseReader(new java.io.InputStreamReader(all));
      assertThat(config.hasPath("pekko-raft.election-timeout.min")).isTrue();
      assertThat(config.hasPath("pekko.http.server.idle-timeout")).isTrue();
      assertThat(config.hasPath("pekko.persistence.journal.plugin")).isTrue();
    }
  }

  @Test
  @DisplayName("the library's own artifact is a plain jar, without an application's settings")
  void leavesTheLibraryPlain() throws IOException {
    var plain =
        new File("target")
            .listFiles(
                (directory, name) -> name.matches("pekko-raft_2\\.13-[^-]+(-SNAPSHOT)?\\.jar"));
    assertThat(plain).hasSize(1);
    try (var jar = new JarFile(plain[0])) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .contains("io/pekkoraft/RaftGroup.class", "reference.conf")
          .doesNotContain("application.conf", "logback.xml")
          .noneMatch(name -> name.startsWith("picocli/"));
    }
  }
}
