package io.pekkoraft.journal;

import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import scala.Option;
import scala.jdk.javaapi.OptionConverters;

/** Turns objects into bytes and back by what the application configured for their classes. */
final class Payloads {
  private final Serialization serialization;

  Payloads(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  /** Fails with whatever the serializer throws, checked or not, as it is written in Scala often. */
  Serialized serialize(Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    String manifest = Serializers.manifestFor(serializer, object);
    return new Serialized(serializer.identifier(), manifest, serialization.serialize(object).get());
  }

  /** Fails as {@link #serialize} does. */
  Object deserialize(Serialized object) {
    return serialization
        .deserialize(object.bytes(), object.serializerId(), object.manifest())
        .get();
  }

  Optional<Serialized> serialize(Option<Object> object) {
    return OptionConverters.toJava(object).map(this::serialize);
  }
}
