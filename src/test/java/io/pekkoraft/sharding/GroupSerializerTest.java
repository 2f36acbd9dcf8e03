package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.sharding.GroupCommand.Check;
import io.pekkoraft.sharding.GroupCommand.Look;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupCommand.Settle;
import io.pekkoraft.sharding.GroupResult.Checked;
import io.pekkoraft.sharding.GroupResult.Mismatch;
import io.pekkoraft.sharding.GroupResult.Persisted;
import io.pekkoraft.sharding.GroupResult.Seen;
import io.pekkoraft.sharding.GroupResult.Settled;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupSerializerTest {
  private static final Stamp STAMP = new Stamp(258, -2);
  private static final Persist PERSIST =
      new Persist("Ä", STAMP, 7, List.of(new byte[] {1, 2}, new byte[0]));

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final Serialization serialization = SerializationExtension.get(kit.system());

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private SerializerWithStringManifest serializer(Object object) throws NotSerializableException {
    return (SerializerWithStringManifest) serialization.serializerFor(object.getClass());
  }

  @Test
  @DisplayName("what it wrote it reads")
  void writesAndReads() throws Exception {
    var seen = new Seen(STAMP, new byte[] {5});
    for (var object :
        new Object[] {
          PERSIST,
          new Settle(16),
          new Check("a"),
          new Look(""),
          new Persisted(STAMP),
          new Mismatch(STAMP),
          new Settled(3),
          new Checked(Stamp.NONE),
          seen
        }) {
      var serializer = serializer(object);
      assertThat(serializer).isInstanceOf(GroupSerializer.class);
      var read = serializer.fromBinary(serializer.toBinary(object), serializer.manifest(object));
      assertThat(read).usingRecursiveComparison().isEqualTo(object);
    }
  }

  @Test
  @DisplayName("what is in logs stays as it is: these bytes are on disks")
  void staysAsItIs() throws Exception {
    var bytes =
        HexFormat.of()
            .parseHex(
                "00000002c384"
                    + "0000000000000102fffffffffffffffe"
                    + "0000000000000007"
                    + "00000002"
                    + "000000020102"
                    + "00000000");
    var serializer = serializer(PERSIST);
    assertThat(serializer.identifier()).isEqualTo(47003);
    assertThat(serializer.manifest(PERSIST)).isEqualTo("persist/1");
    assertThat(serializer.toBinary(PERSIST)).isEqualTo(bytes);
    assertThat(serializer.fromBinary(bytes, "persist/1"))
        .usingRecursiveComparison()
        .isEqualTo(PERSIST);
  }

  @Test
  @DisplayName("what is damaged, or of a newer version, is refused")
  void refuses() throws Exception {
    var serializer = serializer(PERSIST);
    var bytes = serializer.toBinary(PERSIST);
    for (var size = 0; size < bytes.length; size++) {
      var cut = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> serializer.fromBinary(cut, "persist/1"))
          .as("%s bytes", size)
          .isInstanceOf(NotSerializableException.class);
    }
    var longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> serializer.fromBinary(longer, "persist/1"))
        .isInstanceOf(NotSerializableException.class);
    assertThatThrownBy(() -> serializer.fromBinary(bytes, "persist/2"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("newer version");
  }
}
