package io.pekkoraft;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializers;

/**
 * How a state machine's whole state is written to a snapshot and read back (§7). A stream, so that
 * a large state need not be in memory twice.
 */
public interface SnapshotFormat<State> {
  /** Writes {@code state}; what is written must not depend on which peer writes it. */
  void write(State state, OutputStream out) throws IOException;

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when the bytes are not a state
   */
  State read(InputStream in) throws IOException;

  /**
   * What {@link #write} gets, later and on another thread, while commands go on changing the state
   * (the peer itself waits only for this call). An immutable state is that itself. A state that is
   * kept outside of the heap gives a view of how it is now.
   */
  default State freeze(State state) {
    return state;
  }

  /** Nobody will write {@code frozen} any more, whether it was written or not. */
  default void release(State frozen) {}

  /** One object, through the serializer that Pekko's configuration names for it. */
  static <State> SnapshotFormat<State> serialized(Serialization serialization) {
    return new SnapshotFormat<>() {
      @Override
      public void write(State state, OutputStream out) throws IOException {
        var serializer = serialization.findSerializerFor(state);
        var data = new DataOutputStream(out);
        data.writeInt(serializer.identifier());
        data.writeUTF(Serializers.manifestFor(serializer, state));
        data.write(serializer.toBinary(state));
        data.flush();
      }

      @Override
      @SuppressWarnings("unchecked") // The manifest that write() left says what it is.
      public State read(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        var serializerId = data.readInt();
        var manifest = data.readUTF();
        var read = serialization.deserialize(data.readAllBytes(), serializerId, manifest);
        if (read.isFailure()) {
          throw new IOException(
              "The snapshot's state can't be read (serializer "
                  + serializerId
                  + ", manifest \""
                  + manifest
                  + "\").",
              read.failed().get());
        }
        return (State) read.get();
      }
    };
  }
}
