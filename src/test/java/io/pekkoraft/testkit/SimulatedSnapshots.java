package io.pekkoraft.testkit;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotException;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The snapshots on a simulated disk: what is committed outlives everything, what is being received
 * outlives the process, and of what is being written nothing does.
 */
final class SimulatedSnapshots implements SnapshotStore {
  private final BooleanSupplier isFull;
  private final TreeMap<SnapshotId, Whole> whole = new TreeMap<>();
  private Optional<Part> part = Optional.empty();

  private record Whole(SnapshotMeta meta, byte[] content) {}

  private record Part(SnapshotMeta meta, ByteArrayOutputStream content) {}

  SimulatedSnapshots(BooleanSupplier isFull) {
    this.isFull = isFull;
  }

  /** The machine dies: of what was being received, the beginning may be left. */
  void losePower(RandomGenerator random) {
    part.ifPresent(
        cut -> {
          var content = cut.content().toByteArray();
          cut.content().reset();
          cut.content().write(content, 0, random.nextInt(content.length + 1));
        });
  }

  private void requireRoom() {
    if (isFull.getAsBoolean()) {
      throw new SnapshotException.NotWritten("No space left on the simulated disk.", null);
    }
  }

  private SnapshotMeta commit(SnapshotMeta meta, byte[] content) {
    requireRoom();
    whole.put(meta.id(), new Whole(meta, content));
    return meta;
  }

  private Whole find(SnapshotId id) {
    var found = whole.get(id);
    if (found == null) {
      throw new SnapshotException.Missing("There is no snapshot " + id + ".");
    }
    return found;
  }

  @Override
  public Writing write(LogPosition position, Bytes configuration) {
    var content = new ByteArrayOutputStream();
    return new Writing() {
      @Override
      public void write(byte[] array, int offset, int size) {
        requireRoom();
        content.write(array, offset, size);
      }

      @Override
      public long length() {
        return content.size();
      }

      @Override
      public SnapshotMeta commit() {
        var bytes = content.toByteArray();
        var checksum = Checksum.of(Bytes.wrap(bytes));
        var meta = new SnapshotMeta(position, configuration, bytes.length, checksum);
        return SimulatedSnapshots.this.commit(meta, bytes);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Receiving receive(SnapshotMeta meta) {
    if (part.isEmpty() || !part.get().meta().equals(meta)) {
      part = Optional.of(new Part(meta, new ByteArrayOutputStream()));
    }
    var received = part.get().content();
    return new Receiving() {
      @Override
      public SnapshotMeta meta() {
        return meta;
      }

      @Override
      public long next() {
        return received.size();
      }

      @Override
      public void append(long offset, Bytes content) {
        if (offset != next() || offset + content.size() > meta.length()) {
          throw new IllegalArgumentException(content + " at " + offset + ", not " + next());
        }
        requireRoom();
        received.write(content.array(), content.offset(), content.size());
      }

      @Override
      public SnapshotMeta commit() {
        var bytes = received.toByteArray();
        part = Optional.empty();
        if (bytes.length != meta.length() || Checksum.of(Bytes.wrap(bytes)) != meta.checksum()) {
          throw new SnapshotException.Damaged("Not what was announced: " + meta, null);
        }
        return SimulatedSnapshots.this.commit(meta, bytes);
      }

      @Override
      public void discard() {
        part = Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Reading read(SnapshotId id) {
    var found = find(id);
    return new Reading() {
      @Override
      public SnapshotMeta meta() {
        return found.meta();
      }

      @Override
      public Bytes read(long offset, int max) {
        var from = (int) Math.min(offset, found.content().length);
        var to = Math.min(found.content().length, from + max);
        return Bytes.wrap(Arrays.copyOfRange(found.content(), from, to));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public SnapshotMeta check(SnapshotId id) {
    return find(id).meta();
  }

  @Override
  public List<SnapshotMeta> committed() {
    return new ArrayList<>(whole.descendingMap().values().stream().map(Whole::meta).toList());
  }

  @Override
  public void retain(Collection<SnapshotId> ids) {
    whole.keySet().retainAll(new TreeSet<>(ids));
  }

  @Override
  public void close() {}
}
