package io.pekkoraft.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConfigurationFormatTest {
  private static final Configuration JOINT =
      new Configuration(PeerId.setOf("b", "c"), PeerId.setOf("a", "b"), PeerId.setOf("a", "dd"))
          .having(Map.of(PeerId.of("a"), Incarnation.of(-2), PeerId.of("dd"), Incarnation.of(300)));

  /** On disks for years: whoever changes this needs a new version beside it. */
  private static final String GOLDEN =
      "0000000000000007"
          + "01"
          + "0201620163"
          + "0201610162"
          + "020161026464"
          + "02"
          + "0161fffffffffffffffe"
          + "026464000000000000012c";

  @Test
  @DisplayName("the bytes are what they always were")
  void golden() {
    var versioned = new VersionedConfiguration(LogIndex.of(7), JOINT);
    var encoded = ConfigurationFormat.encode(versioned);
    assertThat(HexFormat.of().formatHex(bytes(encoded))).isEqualTo(GOLDEN);
    assertThat(ConfigurationFormat.decodeVersioned(encoded)).isEqualTo(versioned);
  }

  @Test
  @DisplayName("what was encoded is read back, also nobody")
  void roundTrip() {
    for (var configuration : new Configuration[] {JOINT, JOINT.leaveJoint(), Configuration.NONE}) {
      assertThat(ConfigurationFormat.decode(ConfigurationFormat.encode(configuration)))
          .isEqualTo(configuration);
    }
  }

  @Test
  @DisplayName("bytes that are cut short, too long or of another version are refused")
  void refusesDamage() {
    var whole = bytes(ConfigurationFormat.encode(JOINT));
    for (var size = 0; size < whole.length; size++) {
      var cut = Bytes.wrap(Arrays.copyOf(whole, size));
      assertThatThrownBy(() -> ConfigurationFormat.decode(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> ConfigurationFormat.decode(Bytes.wrap(Arrays.copyOf(whole, whole.length + 1))))
        .hasMessageContaining("after its end");
    whole[0] = 2;
    assertThatThrownBy(() -> ConfigurationFormat.decode(Bytes.wrap(whole)))
        .hasMessageContaining("unknown version 2");
  }

  private static byte[] bytes(Bytes encoded) {
    var bytes = new byte[encoded.size()];
    encoded.buffer().get(bytes);
    return bytes;
  }
}
