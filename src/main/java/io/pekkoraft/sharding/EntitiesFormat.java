package io.pekkoraft.sharding;

import io.pekkoraft.SnapshotFormat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.serialization.Serialization;

/**
 * A snapshot of all entities of a group, in the order of their ids, one after the other.
 *
 * <pre>
 *   snapshot := number of groups (4 bytes) number of entities (4) entity*
 *   entity   := version (8) lineage (8) size of id (4) id (UTF-8) size of state (4) state
 * </pre>
 */
final class EntitiesFormat implements SnapshotFormat<Entities> {
  private final Serialization serialization;

  EntitiesFormat(Serialization serialization) {
    this.serialization = serialization;
  }

  @Override
  public void write(Entities all, OutputStream out) throws IOException {
    var packing = new Packing(serialization);
    var data = new DataOutputStream(out);
    data.writeInt(all.groups());
    data.writeInt(all.byId().size());
    for (var entry : all.byId().entrySet()) {
      data.writeLong(entry.getValue().stamp().version());
      data.writeLong(entry.getValue().stamp().lineage());
      writeSized(data, entry.getKey().getBytes(StandardCharsets.UTF_8));
      writeSized(data, Entities.pack(entry.getValue(), packing));
    }
    data.flush();
  }

  @Override
  public Entities read(InputStream in) throws IOException {
    var data = new DataInputStream(in);
    var all = Entities.NONE.settledTo(data.readInt());
    for (var left = data.readInt(); left > 0; left--) {
      var stamp = new Stamp(data.readLong(), data.readLong());
      var id = new String(readSized(data), StandardCharsets.UTF_8);
      all = all.withPacked(id, stamp, readSized(data));
    }
    return all;
  }

  private static void writeSized(DataOutputStream data, byte[] bytes) throws IOException {
    data.writeInt(bytes.length);
    data.write(bytes);
  }

  private static byte[] readSized(DataInputStream data) throws IOException {
    var size = data.readInt();
    var bytes = size < 0 ? new byte[0] : data.readNBytes(size);
    if (bytes.length != size) {
      throw new IOException("The snapshot is cut off or damaged.");
    }
    return bytes;
  }
}
