package io.pekkoraft.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * Takes away what nobody will read again, and nothing else. What is damaged may have been
 * acknowledged: to cut it would let the peer vote as if it had never promised anything.
 */
@Command(
    name = "repair",
    description = {
      "Removes files of a sound directory that nobody will read again.",
      "These are snapshots that were never finished or are not in effect. What is damaged it leaves"
          + " alone, and says what is safe. Without --yes it only says what it would do."
    })
final class RepairCommand implements Callable<Integer> {
  static final String WHAT_TO_DO =
      """
      What is damaged may have been acknowledged, so nothing can be cut off safely.
      If the rest of the group is well, let it make this peer anew:
        1. Keep this directory as it is: move it away, or copy it.
        2. pekko-raft ctl remove PEER      at a node that runs
        3. Start this node with an empty directory.
        4. pekko-raft ctl add PEER         it gets all from the leader
      Otherwise bring the whole directory back from a copy.\
      """;

  @ParentCommand private JournalCommand journal;

  @Parameters(paramLabel = "DIR", description = "pekko-raft.rocksdb.dir of the node.")
  private Path directory;

  @Option(
      names = "--snapshots",
      paramLabel = "DIR",
      description = "pekko-raft.snapshots.dir, if the node has another than DIR/snapshots.")
  private Path snapshots;

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  @Option(
      names = "--backup",
      paramLabel = "DIR",
      description = "Where what is removed is copied to first (DIR.removed); must not be there.")
  private Path backup;

  @Override
  public Integer call() throws IOException {
    var report = journal.verify(directory, snapshots, Ansi.AUTO.enabled());
    if (!report.isSound()) {
      VerifyCommand.print(journal.out(), report);
      return Exit.DAMAGED;
    }
    if (report.leftovers().isEmpty()) {
      journal.out().println("Sound, and there is nothing to remove.");
      return Exit.OK;
    }
    report.leftovers().forEach(file -> journal.out().println("Of no use any more: " + file));
    if (!yes) {
      journal.out().println("Nothing was done; --yes removes them, after a copy.");
      return Exit.OK;
    }
    remove(report.leftovers(), Verification.snapshotsIn(directory, snapshots));
    return Exit.OK;
  }

  /** Each copy is on the disk before anything is removed. */
  private void remove(List<Path> files, Path root) throws IOException {
    var to = backup == null ? sibling() : backup;
    if (Files.exists(to)) {
      throw new Failure(
          Exit.FAILED,
          "[" + to + "] is there already, and nothing was done; name another --backup.");
    }
    for (var file : files) {
      copy(file, to.resolve(root.relativize(file)));
    }
    for (var file : files) {
      Files.delete(file);
    }
    journal.out().println("Removed " + files.size() + " files; copies are in " + to + ".");
  }

  private Path sibling() {
    var absolute = directory.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + ".removed");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
    try (var channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
