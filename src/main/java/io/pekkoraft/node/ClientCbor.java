package io.pekkoraft.node;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pekkoraft.Finding;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.ClientMessage.ReadAnswered;
import io.pekkoraft.serialization.PekkoCommandCodec;
import io.pekkoraft.serialization.RaftCbor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Jackson for what clients ask and are answered: what is in the application's objects through Pekko
 * Serialization, who asked is whoever reads it, and what is one of several kinds says which by its
 * name.
 */
final class ClientCbor {
  /** The attribute with who is answered to what is read. */
  static final String REPLY_TO = "replyTo";

  /** The attribute with the codec of the application's objects. */
  static final String CODEC = "codec";

  private ClientCbor() {}

  static ObjectMapper mapper() {
    var module = new SimpleModule();
    module.addSerializer(ActorRef.class, new NobodyOut());
    module.addDeserializer(ActorRef.class, new AskerIn());
    module.addKeyDeserializer(PeerId.class, new PeerKey());
    var mapper =
        RaftCbor.mapper()
            .registerModule(new JavaTimeModule())
            .registerModule(module)
            .setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .addMixIn(Finding.class, ByName.class)
            .addMixIn(ReadConsistency.class, ByName.class)
            .addMixIn(Propose.class, WithCommand.class)
            .addMixIn(ProposeOnce.class, WithCommand.class)
            .addMixIn(Read.class, WithQuery.class)
            .addMixIn(ReadAnswered.class, WithQuery.class);
    byName(Finding.class)
        .forEach((name, type) -> mapper.registerSubtypes(new NamedType(type, name)));
    byName(ReadConsistency.class)
        .forEach((name, type) -> mapper.registerSubtypes(new NamedType(type, name)));
    return mapper;
  }

  private static Map<String, Class<?>> byName(Class<?> sealed) {
    var types = new LinkedHashMap<String, Class<?>>();
    for (var type : sealed.getPermittedSubclasses()) {
      types.put(type.getSimpleName(), type);
    }
    return types;
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  private interface ByName {}

  private interface WithCommand {
    @JsonSerialize(using = Out.class)
    @JsonDeserialize(using = In.class)
    Object command();
  }

  private interface WithQuery {
    @JsonSerialize(using = Out.class)
    @JsonDeserialize(using = In.class)
    Object query();
  }

  /** An application's object, which Pekko Serialization knows how to write. */
  static final class Out extends JsonSerializer<Object> {
    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      var bytes = ((PekkoCommandCodec) provider.getAttribute(CODEC)).encode(value);
      out.writeBinary(bytes.array(), bytes.offset(), bytes.size());
    }
  }

  static final class In extends JsonDeserializer<Object> {
    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return ((PekkoCommandCodec) context.getAttribute(CODEC))
          .decode(Bytes.wrap(in.getBinaryValue()));
    }
  }

  /** Who asked stays on its node; the question has a number. */
  @SuppressWarnings("rawtypes") // As Jackson names a class.
  static final class NobodyOut extends JsonSerializer<ActorRef> {
    @Override
    public void serialize(ActorRef value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeBoolean(true);
    }
  }

  @SuppressWarnings("rawtypes") // As Jackson names a class.
  static final class AskerIn extends JsonDeserializer<ActorRef> {
    @Override
    public ActorRef deserialize(JsonParser in, DeserializationContext context) {
      return (ActorRef) context.getAttribute(REPLY_TO);
    }
  }

  static final class PeerKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return PeerId.of(key);
    }
  }
}
