package io.pekkoraft.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates as {@code tools/make-certificates} makes them. */
public final class Certificates {
  private final Path directory;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /** An authority of its own, in a directory of its own. */
  public static Certificates in(Path directory, String... options) {
    var made = run(directory, options);
    assertThat(made.code()).describedAs(made.output()).isZero();
    return new Certificates(directory);
  }

  /** What the script says, and the code that it ends with. */
  record Run(int code, String output) {}

  static Run run(Path directory, String... options) {
    var command = new ArrayList<>(List.of("tools/make-certificates", directory.toString()));
    command.addAll(List.of(options));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new Run(process.exitValue(), output);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public TlsFiles of(String name) {
    return new TlsFiles(
        directory.resolve(name + ".crt"),
        directory.resolve(name + ".key"),
        directory.resolve("ca.crt"));
  }

  /** The block {@code pekko-raft.tls} of whoever has this name. */
  public String settings(String name) {
    var files = of(name);
    return "pekko-raft.tls { certificate = \"%s\", private-key = \"%s\", authority = \"%s\" }"
        .formatted(files.certificate(), files.privateKey(), files.authority());
  }
}
