package io.pekkoraft.serialization;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Bytes;
import java.io.IOException;
import java.util.function.Function;

/** Configurations inside of our records: the same bytes as in entries, so that there is one way. */
final class ConfigurationCbor extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ConfigurationCbor() {
    asBytes(Configuration.class, ConfigurationFormat::encode, ConfigurationFormat::decode);
    asBytes(
        VersionedConfiguration.class,
        ConfigurationFormat::encode,
        ConfigurationFormat::decodeVersioned);
  }

  private <T> void asBytes(Class<T> type, Function<T, Bytes> encode, Function<Bytes, T> decode) {
    addSerializer(
        type,
        new StdSerializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider serializers)
              throws IOException {
            var encoded = encode.apply(value);
            out.writeBinary(encoded.array(), encoded.offset(), encoded.size());
          }
        });
    addDeserializer(
        type,
        new StdDeserializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return decode.apply(Bytes.wrap(in.getBinaryValue()));
          }
        });
  }
}
