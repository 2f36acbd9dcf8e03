package io.pekkoraft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "node",
        "database",
        "ctl",
        "ctl add",
        "ctl put",
        "journal",
        "journal verify",
        "journal dump",
        "journal repair"
      })
  @DisplayName("help fits a terminal, and says the exit codes")
  void helps(String command) {
    var help = (command.isEmpty() ? Shell.run("--help") : Shell.run(command.split(" "), "--help"));
    help.exits(Exit.OK);
    assertThat(help.out()).startsWith("Usage: pekko-raft").contains("Exit codes:");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(help.err()).isEmpty();
  }

  @Test
  @DisplayName("what is not understood says so, with the next best guess, and changes nothing")
  void refusesWhatItDoesNotKnow() {
    var unknown = Shell.run("demmo").exits(Exit.USAGE);
    assertThat(unknown.err()).contains("demmo", "demo");
    assertThat(Shell.run("demo", "--port", "many").exits(Exit.USAGE).err()).contains("--port");
  }
}
