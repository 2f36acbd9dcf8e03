package io.pekkoraft.cli;

import io.pekkoraft.journal.JournalException;
import io.pekkoraft.journal.ReadOnlyStore;
import io.pekkoraft.journal.ReadOnlyStore.Event;
import io.pekkoraft.serialization.StoredEvents;
import io.pekkoraft.snapshot.SnapshotException;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.file.SnapshotDirectory;
import io.pekkoraft.snapshot.file.SnapshotDirectory.Item;
import io.pekkoraft.storage.LogAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads all of a data directory, and says what is in it and what is wrong with it. */
final class Verification {
  private final Path snapshots;
  private final Progress progress;
  private final List<String> damages = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();
  private final List<Path> leftovers = new ArrayList<>();
  private int others;

  /**
   * One peer's part.
   *
   * @param found empty when its journal is damaged
   * @param damages in words, none if it is sound
   */
  record Peer(
      PeerName name,
      Optional<LogAudit.Found> found,
      long events,
      long bytes,
      long snapshotBytes,
      List<String> damages) {}

  /**
   * What came out.
   *
   * @param damages of the directory as a whole; those of a peer are with it
   * @param others how many persistence ids belong to no peer
   * @param leftovers files that nobody will read again
   */
  record Report(List<Peer> peers, List<String> damages, int others, List<Path> leftovers) {
    boolean isSound() {
      return damages.isEmpty() && peers.stream().allMatch(peer -> peer.damages().isEmpty());
    }
  }

  private Verification(Path snapshots, Progress progress) {
    this.snapshots = snapshots;
    this.progress = progress;
  }

  /**
   * @param snapshots where the peers' directories of snapshots are
   * @throws JournalException.NotOpened when it is no data directory, or somebody uses it
   */
  static Report of(Path directory, Path snapshots, Progress progress) {
    var verification = new Verification(snapshots, progress);
    try (var store = ReadOnlyStore.open(directory)) {
      verification.read(store);
    } catch (JournalException.Damaged damaged) {
      verification.damages.add(damaged.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return verification.report();
  }

  private Report report() {
    return new Report(peers, damages, others, leftovers);
  }

  private void read(ReadOnlyStore store) throws IOException {
    var tables = store.tables();
    tables.forEach(table -> progress.expect(table.bytes()));
    for (var table : tables) {
      try {
        store.check(table);
      } catch (JournalException.Damaged damaged) {
        damages.add(damaged.getMessage());
      }
      progress.did(table.bytes(), table.file().getFileName().toString());
    }
    for (var id : store.persistenceIds()) {
      var name = PeerName.of(id);
      if (name.isPresent()) {
        peers.add(peer(store, id, name.get()));
      } else {
        others++;
        var reader = new PeerReader();
        store.read(id, reader);
        reader.damages.forEach(damage -> damages.add("[" + id + "] " + damage));
      }
    }
  }

  private Peer peer(ReadOnlyStore store, String id, PeerName name) throws IOException {
    var reader = new PeerReader();
    store.read(id, reader);
    var found = reader.found();
    var files = SnapshotDirectory.list(directoryOf(name));
    var inEffect = found.flatMap(LogAudit.Found::snapshot);
    inEffect.ifPresent(meta -> check(name, meta.id(), meta.length(), reader));
    // Only a peer whose journal is sound says which of its files are of no use.
    if (reader.damages.isEmpty() && found.isPresent()) {
      files.stream()
          .filter(item -> isLeftover(item, inEffect.map(meta -> meta.id())))
          .forEach(item -> leftovers.add(item.file()));
    }
    var snapshotBytes = files.stream().mapToLong(Item::bytes).sum();
    return new Peer(name, found, reader.events, reader.bytes, snapshotBytes, reader.damages);
  }

  private Path directoryOf(PeerName name) {
    return snapshots.resolve(name.group()).resolve(name.peer());
  }

  private void check(PeerName name, SnapshotId id, long length, PeerReader reader) {
    progress.expect(length);
    try {
      SnapshotDirectory.check(directoryOf(name), id);
    } catch (SnapshotException e) {
      reader.damage(e.getMessage());
    }
    progress.did(length, "snapshot of " + name);
  }

  /** A peer deletes these by itself, when it opens the directory or has taken its next snapshot. */
  private static boolean isLeftover(Item item, Optional<SnapshotId> inEffect) {
    return switch (item.kind()) {
      case PART -> true;
      case WHOLE -> inEffect.isPresent() && !item.id().equals(inEffect);
      case RECEIVING ->
          inEffect.isPresent()
              && item.id().isPresent()
              && !item.id().get().position().index().isAfter(inEffect.get().position().index());
      case LOCK, STRAY -> false;
    };
  }

  /** Where a directory says nothing else, its snapshots are in it. */
  static Path snapshotsIn(Path directory, Path given) {
    return given == null ? directory.resolve("snapshots") : given;
  }

  /** Puts together what one persistence id holds. */
  private static final class PeerReader implements ReadOnlyStore.Reader {
    private final LogAudit audit = new LogAudit();
    private final List<String> damages = new ArrayList<>();
    private long events;
    private long bytes;

    @Override
    public void event(Event event) {
      events++;
      bytes += event.bytes().length;
      if (damages.isEmpty() && PeerName.of(event.persistenceId()).isPresent()) {
        try {
          audit.apply(StoredEvents.read(event.manifest(), event.bytes()));
        } catch (IllegalArgumentException | IllegalStateException e) {
          damage("event " + event.sequenceNr() + ": " + e.getMessage());
        }
      }
    }

    @Override
    public void damage(String how) {
      damages.add(how);
    }

    private Optional<LogAudit.Found> found() {
      if (!damages.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(audit.found());
      } catch (IllegalStateException e) {
        damage(e.getMessage());
        return Optional.empty();
      }
    }
  }
}
