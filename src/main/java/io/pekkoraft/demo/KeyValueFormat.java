package io.pekkoraft.demo;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.demo.KeyValue.Versioned;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.pcollections.TreePMap;

/**
 * A snapshot of all keys, in their order, one after the other and never all in memory twice.
 *
 * <pre>
 *   snapshot := number of keys (4 bytes) key*
 *   key      := version (8) size of key (4) key (UTF-8) size of value (4) value
 * </pre>
 */
final class KeyValueFormat implements SnapshotFormat<TreePMap<String, Versioned>> {
  @Override
  public void write(TreePMap<String, Versioned> state, OutputStream out) throws IOException {
    var data = new DataOutputStream(out);
    data.writeInt(state.size());
    for (var entry : state.entrySet()) {
      data.writeLong(entry.getValue().version());
      writeSized(data, entry.getKey().getBytes(StandardCharsets.UTF_8));
      writeSized(data, entry.getValue().value());
    }
    data.flush();
  }

  @Override
  public TreePMap<String, Versioned> read(InputStream in) throws IOException {
    var data = new DataInputStream(in);
    var state = TreePMap.<String, Versioned>empty();
    for (var left = data.readInt(); left > 0; left--) {
      var version = data.readLong();
      var key = new String(readSized(data), StandardCharsets.UTF_8);
      state = state.plus(key, new Versioned(readSized(data), version));
    }
    return state;
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
