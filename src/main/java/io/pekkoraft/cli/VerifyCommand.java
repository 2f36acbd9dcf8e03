package io.pekkoraft.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.cli.Verification.Peer;
import io.pekkoraft.cli.Verification.Report;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.storage.LogAudit.Found;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Every checksum, every rule that a peer recovers by, and nothing changed. */
@Command(
    name = "verify",
    description = {
      "Reads all of a data directory, changes nothing, and says whether it is sound.",
      "Each checksum fits, each peer's log is without a gap, and the snapshots that count are"
          + " there. Not to be seen are a newest log file that is gone, and damage to the very last"
          + " write."
    })
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private JournalCommand journal;

  @Parameters(paramLabel = "DIR", description = "pekko-raft.rocksdb.dir of the node.")
  private Path directory;

  @Option(
      names = "--snapshots",
      paramLabel = "DIR",
      description = "pekko-raft.snapshots.dir, if the node has another than DIR/snapshots.")
  private Path snapshots;

  @Option(names = "--json", description = "For programs.")
  private boolean json;

  @Option(names = "--progress", description = "A progress bar, even if this is no terminal.")
  private boolean progress;

  @Override
  public Integer call() {
    var report = journal.verify(directory, snapshots, progress || Ansi.AUTO.enabled());
    if (json) {
      journal.out().println(json(report).toPrettyString());
    } else {
      print(journal.out(), report);
    }
    return report.isSound() ? Exit.OK : Exit.DAMAGED;
  }

  static void print(PrintWriter out, Report report) {
    var table =
        new Table(
            "GROUP", "PEER", "TERM", "VOTE", "FIRST", "LAST", "SNAPSHOT", "EVENTS", "BYTES", "");
    report.peers().forEach(peer -> row(table, peer));
    if (!report.peers().isEmpty()) {
      table.print(out);
    }
    if (report.others() > 0) {
      out.println("Besides, there are events of " + report.others() + " actors that are no peers.");
    }
    report.damages().forEach(damage -> out.println("DAMAGED: " + damage));
    for (var peer : report.peers()) {
      peer.damages().forEach(damage -> out.println("DAMAGED: " + peer.name() + ": " + damage));
    }
    report.leftovers().forEach(file -> out.println("Of no use any more: " + file));
    out.println(report.isSound() ? "Sound." : "Damaged. " + RepairCommand.WHAT_TO_DO);
  }

  private static void row(Table table, Peer peer) {
    var found = peer.found();
    table.styled(
        peer.damages().isEmpty() ? "" : "red",
        peer.name().group(),
        peer.name().peer(),
        found.map(each -> each.term().toString()).orElse(null),
        found.flatMap(Found::votedFor).map(PeerId::value).orElse(null),
        found.map(each -> each.base().index().next().toString()).orElse(null),
        found.map(each -> each.last().index().toString()).orElse(null),
        found.flatMap(Found::snapshot).map(each -> each.position().toString()).orElse(null),
        peer.events(),
        peer.bytes() + peer.snapshotBytes(),
        peer.damages().isEmpty() ? "sound" : "damaged");
  }

  static ObjectNode json(Report report) {
    var json = JsonNodeFactory.instance.objectNode().put("sound", report.isSound());
    var peers = json.putArray("peers");
    for (var peer : report.peers()) {
      var each =
          peers
              .addObject()
              .put("group", peer.name().group())
              .put("peer", peer.name().peer())
              .put("events", peer.events())
              .put("journalBytes", peer.bytes())
              .put("snapshotBytes", peer.snapshotBytes());
      peer.found().ifPresent(found -> add(each, found));
      var damages = each.putArray("damages");
      peer.damages().forEach(damages::add);
    }
    var damages = json.putArray("damages");
    report.damages().forEach(damages::add);
    var leftovers = json.put("others", report.others()).putArray("leftovers");
    report.leftovers().forEach(file -> leftovers.add(file.toString()));
    return json;
  }

  private static void add(ObjectNode json, Found found) {
    json.put("term", found.term().value())
        .put("votedFor", found.votedFor().map(PeerId::value).orElse(null))
        .put("firstIndex", found.base().index().next().value())
        .put("lastIndex", found.last().index().value())
        .put("lastTerm", found.last().term().value());
    found
        .snapshot()
        .ifPresent(
            meta ->
                json.putObject("snapshot")
                    .put("index", meta.position().index().value())
                    .put("term", meta.position().term().value())
                    .put("bytes", meta.length()));
  }
}
