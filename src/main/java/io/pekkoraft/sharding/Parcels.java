package io.pekkoraft.sharding;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.serialization.PekkoCommandCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Commands on their way to the node of their group's leader, as bytes. What refers to an actor
 * within one, such as whom to reply to, is reached from there. For any thread.
 *
 * <pre>
 *   parcel := entity's id (modified UTF-8, 2 bytes of size first) command (as a Raft command is)
 * </pre>
 */
final class Parcels {
  private final ExtendedActorSystem system;

  Parcels(ExtendedActorSystem system) {
    this.system = system;
  }

  /** What is in one. */
  record Parcel(String entityId, Object command) {}

  /**
   * @throws RuntimeException when no serializer takes the command, or the id is too long
   */
  byte[] pack(String entityId, Object command) {
    var codec = new PekkoCommandCodec(SerializationExtension.get(system));
    var packed =
        Serialization$.MODULE$.withTransportInformation(system, () -> codec.encode(command));
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(entityId);
      out.write(packed.array(), packed.offset(), packed.size());
    } catch (IOException e) {
      throw new IllegalArgumentException("The id of the entity is too long.", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws RuntimeException when it can't be read here
   */
  Parcel unpack(byte[] bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      var entityId = in.readUTF();
      var codec = new PekkoCommandCodec(SerializationExtension.get(system));
      return new Parcel(entityId, codec.decode(Bytes.wrap(in.readAllBytes())));
    } catch (IOException e) {
      throw new IllegalArgumentException("The command is cut off.", e);
    }
  }
}
