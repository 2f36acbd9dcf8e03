package io.pekkoraft.sharding;

import io.pekkoraft.serialization.SerializerId;
import io.pekkoraft.sharding.GroupCommand.Check;
import io.pekkoraft.sharding.GroupCommand.Look;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupCommand.Settle;
import io.pekkoraft.sharding.GroupResult.Checked;
import io.pekkoraft.sharding.GroupResult.Mismatch;
import io.pekkoraft.sharding.GroupResult.Persisted;
import io.pekkoraft.sharding.GroupResult.Seen;
import io.pekkoraft.sharding.GroupResult.Settled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What groups of entities replicate, and answer: each write of an entity is kept so in the logs, in
 * memory and on disk, so it is small. The manifests below never change; a record that does gets a
 * new one, and the old one stays readable.
 *
 * <pre>
 *   persist  := id base lineage (8) events (4) {bytes}     settle := groups (4)
 *   check    := id                                         look   := id
 *   mismatch := stamp    persisted := stamp    checked := stamp
 *   settled  := groups (4)                     seen    := stamp bytes
 *   stamp, base := version (8) lineage (8)     id := bytes (UTF-8)     bytes := size (4) byte*
 * </pre>
 */
final class GroupSerializer extends SerializerWithStringManifest {
  private static final Map<Class<?>, String> MANIFESTS =
      Map.of(
          Persist.class, "persist/1",
          Settle.class, "settle/1",
          Check.class, "check/1",
          Look.class, "look/1",
          Persisted.class, "persisted/1",
          Mismatch.class, "mismatch/1",
          Settled.class, "settled/1",
          Checked.class, "checked/1",
          Seen.class, "seen/1");

  private final int identifier;

  GroupSerializer(ExtendedActorSystem system) {
    identifier = SerializerId.of(GroupSerializer.class, system);
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object object) {
    var manifest = MANIFESTS.get(object.getClass());
    if (manifest == null) {
      throw new IllegalArgumentException(object.getClass().getName() + " is not of a group.");
    }
    return manifest;
  }

  // Out.

  @Override
  public byte[] toBinary(Object object) {
    var bytes = new ByteArrayOutputStream();
    try {
      write(object, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalArgumentException("Can't serialize " + object + ".", e);
    }
    return bytes.toByteArray();
  }

  private static void write(Object object, DataOutputStream out) throws IOException {
    if (object instanceof Persist persist) {
      writeId(out, persist.entityId());
      write(out, persist.base());
      out.writeLong(persist.lineage());
      out.writeInt(persist.events().size());
      for (var event : persist.events()) {
        write(out, event);
      }
    } else if (object instanceof Settle settle) {
      out.writeInt(settle.groups());
    } else if (object instanceof Check check) {
      writeId(out, check.entityId());
    } else if (object instanceof Look look) {
      writeId(out, look.entityId());
    } else {
      writeResult((GroupResult) object, out);
    }
  }

  private static void writeResult(GroupResult result, DataOutputStream out) throws IOException {
    if (result instanceof Persisted persisted) {
      write(out, persisted.now());
    } else if (result instanceof Mismatch mismatch) {
      write(out, mismatch.current());
    } else if (result instanceof Settled settled) {
      out.writeInt(settled.groups());
    } else if (result instanceof Checked checked) {
      write(out, checked.current());
    } else if (result instanceof Seen seen) {
      write(out, seen.current());
      write(out, seen.state());
    }
  }

  private static void writeId(DataOutputStream out, String id) throws IOException {
    write(out, id.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(DataOutputStream out, Stamp stamp) throws IOException {
    out.writeLong(stamp.version());
    out.writeLong(stamp.lineage());
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  // In.

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      var object = read(in, manifest);
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes are left.");
      }
      return object;
    } catch (IOException e) {
      var malformed = new NotSerializableException("Malformed " + manifest + ": " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
  }

  private static Object read(DataInputStream in, String manifest) throws IOException {
    return switch (manifest) {
      case "persist/1" -> new Persist(readId(in), readStamp(in), in.readLong(), readEvents(in));
      case "settle/1" -> new Settle(in.readInt());
      case "check/1" -> new Check(readId(in));
      case "look/1" -> new Look(readId(in));
      case "persisted/1" -> new Persisted(readStamp(in));
      case "mismatch/1" -> new Mismatch(readStamp(in));
      case "settled/1" -> new Settled(in.readInt());
      case "checked/1" -> new Checked(readStamp(in));
      case "seen/1" -> new Seen(readStamp(in), readBytes(in));
      default -> throw new IOException("Unknown; was it written by a newer version?");
    };
  }

  private static List<byte[]> readEvents(DataInputStream in) throws IOException {
    var events = new ArrayList<byte[]>();
    for (var left = in.readInt(); left > 0; left--) {
      events.add(readBytes(in));
    }
    return events;
  }

  private static String readId(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static Stamp readStamp(DataInputStream in) throws IOException {
    return new Stamp(in.readLong(), in.readLong());
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    var size = in.readInt();
    if (size < 0 || size > in.available()) {
      throw new IOException("A size of " + size + " where " + in.available() + " bytes are left.");
    }
    return in.readNBytes(size);
  }
}
