package io.pekkoraft.cli;

import io.pekkoraft.journal.JournalException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks into the data directory of a node that does not run. */
@Command(
    name = "journal",
    description = {
      "Says what a data directory holds, and whether it is sound. The node must not run."
    },
    subcommands = {VerifyCommand.class, DumpCommand.class, RepairCommand.class})
final class JournalCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Verify, dump or repair?");
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * Reads all of it.
   *
   * @throws Failure when it is no data directory, or in use
   */
  Verification.Report verify(Path directory, Path snapshots, boolean showProgress) {
    try (var progress = new Progress(err(), showProgress)) {
      return Verification.of(directory, Verification.snapshotsIn(directory, snapshots), progress);
    } catch (JournalException.NotOpened e) {
      throw notOpened(directory, e);
    }
  }

  static Failure notOpened(Path directory, JournalException.NotOpened e) {
    var below = directory.resolve("journal");
    var hint = Files.exists(below.resolve("CURRENT")) ? " Is it [" + below + "]?" : "";
    return new Failure(Exit.FAILED, upper(e.getMessage()) + "." + hint);
  }

  private static String upper(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
