package io.pekkoraft.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Without a subcommand it runs the demo. The process ends when all that a
 * subcommand has started ends.
 */
@Command(
    name = "pekko-raft",
    subcommands = {
      DemoCommand.class,
      NodeCommand.class,
      DatabaseCommand.class,
      CtlCommand.class,
      JournalCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = {
      "State that survives and never forks: Raft on Apache Pekko.%n",
      "  pekko-raft              the demo, on http://127.0.0.1:8080",
      "  pekko-raft ctl --help   what a running group can be asked",
      "  source <(pekko-raft generate-completion)   completion for bash and zsh"
    },
    synopsisSubcommandLabel = "[COMMAND]",
    parameterListHeading = "%n",
    optionListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It is done; all is well.",
      "1:It was refused or failed, and nothing was done.",
      "2:The command line is not understood.",
      "3:No endpoint could be reached, and nothing was done.",
      "4:Nobody can tell whether it was done.",
      "5:The data directory is damaged.",
      "6:The node was thrown out of the cluster, and has to be started anew."
    })
public final class Main implements Runnable {
  private final DemoCommand byDefault = new DemoCommand();

  private Main() {}

  public static void main(String[] args) {
    var exitCode = execute(commandLine(), args);
    if (exitCode != Exit.OK) {
      System.exit(exitCode);
    }
  }

  /** With other places to write to, as a test has them. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return execute(commandLine().setOut(out).setErr(err), args);
  }

  private static int execute(CommandLine commandLine, String... args) {
    var exitCode = commandLine.execute(args);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return exitCode;
  }

  private static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(Main::failed);
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    var text = command.getColorScheme().errorText(messageOf(failure));
    command.getErr().println(text);
    return failure instanceof Failure known ? known.exitCode() : Exit.FAILED;
  }

  private static String messageOf(Exception failure) {
    return failure instanceof Failure || failure.getMessage() != null
        ? failure.getMessage()
        : failure.toString();
  }

  @Override
  public void run() {
    byDefault.run();
  }
}
