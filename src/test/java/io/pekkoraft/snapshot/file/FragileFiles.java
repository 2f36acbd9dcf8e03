package io.pekkoraft.snapshot.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Real files that fail, or end the process, at a step that is asked for; and that know what a power
 * failure would leave: the names of the last sync of the directory, the contents of the last sync
 * of each file.
 */
final class FragileFiles implements FileAccess {
  private final FileAccess real = new RealFiles();
  private final Map<Path, Inode> names = new HashMap<>();
  private Map<Path, Inode> syncedNames = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private int killAt = Integer.MAX_VALUE;
  private String failing = "";
  private boolean dead;

  /** The process has ended. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Inode {
    private byte[] synced = {};
  }

  /** Ends the process instead of its {@code step}th step from here, counted from 0. */
  void killAt(int step) {
    killAt = done.size() + step;
  }

  /** Each step of this kind fails from now on; none if it is empty. */
  void fail(String kind) {
    failing = kind;
  }

  /** The kinds of the steps that were done or tried. */
  List<String> steps() {
    return done;
  }

  private void step(String kind) throws IOException {
    if (dead || done.size() == killAt) {
      dead = true;
      throw new Killed();
    }
    done.add(kind);
    if (kind.equals(failing)) {
      throw new IOException("No space left on device");
    }
  }

  /**
   * Leaves what a power failure leaves.
   *
   * @param namesToo whether names that were not synced are lost; many file systems keep them
   */
  void losePower(Path directory, boolean namesToo) throws IOException {
    var left = namesToo ? syncedNames : names;
    try (var all = Files.list(directory)) {
      for (var file : all.toList()) {
        Files.delete(file);
      }
    }
    for (var name : left.entrySet()) {
      Files.write(name.getKey(), name.getValue().synced);
    }
  }

  @Override
  public Handle create(Path file) throws IOException {
    step("create");
    var inode = new Inode();
    names.put(file, inode);
    return new Fragile(file, inode, real.create(file));
  }

  @Override
  public Handle reopen(Path file) throws IOException {
    step("reopen");
    return new Fragile(file, names.get(file), real.reopen(file));
  }

  @Override
  public Handle read(Path file) throws IOException {
    return real.read(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename");
    names.put(to, names.remove(from));
    real.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    step("delete");
    names.remove(file);
    real.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    step("sync directory");
    real.syncDirectory(directory);
    syncedNames = new HashMap<>(names);
  }

  private final class Fragile implements Handle {
    private final Path file;
    private final Inode inode;
    private final Handle handle;

    private Fragile(Path file, Inode inode, Handle handle) {
      this.file = file;
      this.inode = inode;
      this.handle = handle;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      step("write");
      handle.write(bytes, at);
    }

    @Override
    public void read(ByteBuffer bytes, long at) throws IOException {
      handle.read(bytes, at);
    }

    @Override
    public long size() throws IOException {
      return handle.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      step("truncate");
      handle.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      step("sync");
      handle.sync();
      inode.synced = Files.readAllBytes(file);
    }

    @Override
    public void close() throws IOException {
      if (dead) {
        handle.close();
      } else {
        step("close");
        handle.close();
      }
    }
  }
}
