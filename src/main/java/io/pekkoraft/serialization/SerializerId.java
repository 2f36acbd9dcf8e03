package io.pekkoraft.serialization;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.Serializer;

/** The number of a serializer, which stands on disks and on the wire in place of its name. */
public final class SerializerId {
  private SerializerId() {}

  /** As {@code reference.conf} has it. */
  public static int of(Class<? extends Serializer> serializer, ExtendedActorSystem system) {
    return system
        .settings()
        .config()
        .getInt("pekko.actor.serialization-identifiers.\"" + serializer.getName() + "\"");
  }
}
