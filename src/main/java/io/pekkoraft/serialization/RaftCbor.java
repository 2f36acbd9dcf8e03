package io.pekkoraft.serialization;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.io.IOException;

/**
 * Jackson for our own records: fields by name, so that a record may gain some; a term, an index, an
 * incarnation and a peer's id as the bare value; a batch as the bytes that it is packed in. The
 * model stays free of Jackson, hence the mix-ins.
 */
public final class RaftCbor {
  private RaftCbor() {}

  /** A new one, to which more may be added. */
  public static ObjectMapper mapper() {
    return CBORMapper.builder()
        .addModule(new Jdk8Module())
        .addMixIn(Term.class, LongValue.class)
        .addMixIn(LogIndex.class, LongValue.class)
        .addMixIn(Incarnation.class, LongValue.class)
        .addMixIn(PeerId.class, StringValue.class)
        .addMixIn(Batch.class, Packed.class)
        .addModule(new ConfigurationCbor())
        .addMixIn(Bytes.class, Plain.class)
        // A newer version may add a field, but what we know must be there: no null, no default.
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .build();
  }

  abstract static class LongValue {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    LongValue(long value) {}

    @JsonValue
    abstract long value();
  }

  abstract static class StringValue {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    StringValue(String value) {}

    @JsonValue
    abstract String value();
  }

  @JsonSerialize(using = BytesOut.class)
  @JsonDeserialize(using = BytesIn.class)
  abstract static class Plain {}

  static final class BytesOut extends JsonSerializer<Bytes> {
    @Override
    public void serialize(Bytes bytes, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeBinary(bytes.array(), bytes.offset(), bytes.size());
    }
  }

  static final class BytesIn extends JsonDeserializer<Bytes> {
    @Override
    public Bytes deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Bytes.wrap(in.getBinaryValue());
    }
  }

  @JsonIgnoreProperties({"entries", "empty"})
  abstract static class Packed {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Batch unpack(byte[] packed) {
      throw new UnsupportedOperationException("a mix-in is never called");
    }

    @JsonValue
    abstract byte[] packed();
  }
}
