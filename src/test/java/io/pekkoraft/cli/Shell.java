package io.pekkoraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** The command line in this process, without a terminal. */
final class Shell {
  private Shell() {}

  static Outcome run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  /** With more arguments than those that name the command. */
  static Outcome run(String[] command, String... arguments) {
    return run(
        Stream.concat(Arrays.stream(command), Arrays.stream(arguments)).toArray(String[]::new));
  }

  /** What a command left. */
  record Outcome(int exitCode, String out, String err) {
    Outcome exits(int expected) {
      assertThat(exitCode).describedAs("%s%n%s", out, err).isEqualTo(expected);
      return this;
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out, e);
      }
    }
  }
}
