package io.pekkoraft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.pekkoraft.journal.JournalException;
import io.pekkoraft.journal.ReadOnlyStore;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.serialization.StoredEvents;
import io.pekkoraft.storage.StoreEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Each event in turn; in memory is one at a time. */
@Command(
    name = "dump",
    description = {
      "What the journals of peers hold, in the order in which it was written.",
      "Terms, votes, and entries: one that was cut off, and the one in its place, are both there."
          + " With --from or --to, entries only."
    })
final class DumpCommand implements Callable<Integer> {
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  @ParentCommand private JournalCommand journal;

  @Parameters(paramLabel = "DIR", description = "pekko-raft.rocksdb.dir of the node.")
  private Path directory;

  @Option(names = "--group", paramLabel = "GROUP", description = "Only this one.")
  private String group;

  @Option(names = "--peer", paramLabel = "PEER", description = "Only this one.")
  private String peer;

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      defaultValue = "0",
      description = "Entries from this index on.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "INDEX",
      defaultValue = "9223372036854775807",
      description = "Entries through this index.")
  private long to;

  @Option(
      names = "--commands",
      description = "What commands say, where they are CBOR, as JSON. It may be confidential.")
  private boolean commands;

  @Option(names = "--json", description = "For programs: one object a line.")
  private boolean json;

  private boolean isDamaged;

  @Override
  public Integer call() {
    try (var store = ReadOnlyStore.open(directory)) {
      for (var id : store.persistenceIds()) {
        var name = PeerName.of(id);
        if (name.isPresent() && isWanted(name.get())) {
          store.read(id, new Printer(name.get()));
        }
      }
    } catch (JournalException.NotOpened e) {
      throw JournalCommand.notOpened(directory, e);
    } catch (JournalException.Damaged e) {
      throw new Failure(Exit.DAMAGED, e.getMessage());
    }
    return isDamaged ? Exit.DAMAGED : Exit.OK;
  }

  private boolean isWanted(PeerName name) {
    return (group == null || group.equals(name.group()))
        && (peer == null || peer.equals(name.peer()));
  }

  private boolean isRange() {
    return from > 0 || to < Long.MAX_VALUE;
  }

  private final class Printer implements ReadOnlyStore.Reader {
    private final PeerName name;

    private Printer(PeerName name) {
      this.name = name;
    }

    @Override
    public void event(ReadOnlyStore.Event stored) {
      try {
        print(StoredEvents.read(stored.manifest(), stored.bytes()));
      } catch (IllegalArgumentException e) {
        damage("event " + stored.sequenceNr() + ": " + e.getMessage());
      }
    }

    @Override
    public void damage(String how) {
      isDamaged = true;
      say("damage", "DAMAGED: " + how, object().put("how", how));
    }

    private void print(StoreEvent event) {
      if (isRange() && !(event instanceof StoreEvent.EntriesAppended)) {
        return;
      }
      if (event instanceof StoreEvent.PeerBorn born) {
        say("born", "begins with " + born.birth().founded().voters(), object());
      } else if (event instanceof StoreEvent.TermStarted started) {
        var term = started.term().value();
        say("term", "term " + term, object().put("term", term));
      } else if (event instanceof StoreEvent.VoteCast vote) {
        var term = vote.term().value();
        say(
            "vote",
            "term " + term + ": votes for " + vote.candidate(),
            object().put("term", term).put("candidate", vote.candidate().value()));
      } else if (event instanceof StoreEvent.EntriesAppended appended) {
        print(appended);
      } else if (event instanceof StoreEvent.LogTruncated truncated) {
        var first = truncated.first().value();
        say("truncated", "cuts off all from " + first + " on", object().put("from", first));
      } else if (event instanceof StoreEvent.Compacted compacted) {
        say(
            "compacted",
            "snapshot " + compacted.snapshot() + "; the log begins after " + compacted.base(),
            object()
                .put("snapshot", compacted.snapshot().position().index().value())
                .put("base", compacted.base().index().value())
                .put("term", compacted.term().value())
                .put("votedFor", compacted.votedFor().map(PeerId::value).orElse(null)));
      }
    }

    private void print(StoreEvent.EntriesAppended appended) {
      var index = appended.first();
      for (var entry : appended.entries()) {
        if (index.value() >= from && index.value() <= to) {
          print(index, entry);
        }
        index = index.next();
      }
    }

    private void print(LogIndex index, Entry entry) {
      var kind = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      var fields =
          object()
              .put("index", index.value())
              .put("term", entry.term().value())
              .put("kind", entry.kind().name())
              .put("bytes", entry.payload().size());
      var said = commands || entry.kind() == Entry.Kind.CONFIGURATION ? content(entry) : "";
      if (!said.isEmpty()) {
        fields.put("content", said);
      }
      say(
          "entry",
          String.format(
              "%10d  term %-6d %-15s %8d bytes  %s",
              index.value(), entry.term().value(), kind, entry.payload().size(), said),
          fields);
    }

    private ObjectNode object() {
      return JsonNodeFactory.instance.objectNode();
    }

    private void say(String what, String words, ObjectNode fields) {
      if (json) {
        var line = object().put("group", name.group()).put("peer", name.peer()).put("event", what);
        journal.out().println(line.setAll(fields).toString());
      } else {
        journal.out().println((name + "  " + words).stripTrailing());
      }
    }
  }

  /** The payload of a command begins with who serialized it: id:4 size:2 manifest. */
  private static String content(Entry entry) {
    try {
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        return ConfigurationFormat.decode(entry.payload()).toString();
      }
      if (entry.kind() != Entry.Kind.COMMAND) {
        return "";
      }
      var payload = entry.payload().buffer();
      payload.getInt();
      var manifest = new byte[Short.toUnsignedInt(payload.getShort())];
      payload.get(manifest);
      var bytes = new byte[payload.remaining()];
      payload.get(bytes);
      return new String(manifest, StandardCharsets.UTF_8) + " " + asJson(bytes);
    } catch (RuntimeException notWhatWeKnow) {
      return "(of an unknown form)";
    }
  }

  private static String asJson(byte[] bytes) {
    try {
      var tree = CBOR.readTree(bytes);
      return tree == null || tree.isMissingNode() ? "(empty)" : tree.toString();
    } catch (JsonProcessingException notCbor) {
      return "(no CBOR)";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
