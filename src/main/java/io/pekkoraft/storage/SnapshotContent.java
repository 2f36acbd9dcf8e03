package io.pekkoraft.storage;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.protocol.SnapshotWork.State;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What a snapshot's content is: the sessions, and then the state as its own format writes it.
 *
 * <pre>
 *   version:1 size:4 sessions state...
 * </pre>
 */
final class SnapshotContent {
  private static final byte VERSION = 1;

  private SnapshotContent() {}

  static void write(HandedOver state, SnapshotFormat<Object> format, OutputStream out)
      throws IOException {
    var sessions = state.sessions();
    var data = new DataOutputStream(out);
    data.writeByte(VERSION);
    data.writeInt(sessions.size());
    data.write(sessions.array(), sessions.offset(), sessions.size());
    data.flush();
    format.write(state.machine(), out);
    out.flush();
  }

  static State read(SnapshotFormat<Object> format, InputStream in) throws IOException {
    var data = new DataInputStream(in);
    var version = data.readByte();
    if (version != VERSION) {
      throw new IOException(
          "The snapshot has the unknown version " + version + "; was it written by a newer one?");
    }
    var size = data.readInt();
    var sessions = size < 0 ? new byte[0] : data.readNBytes(size);
    if (sessions.length != size) {
      throw new EOFException("The snapshot ends within the " + size + " bytes of its sessions.");
    }
    return new State(format.read(in), Bytes.wrap(sessions));
  }
}
