package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.Golden;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Goodbye;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Ping;
import io.pekkoraft.node.GateMessage.Pong;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateSerializerTest {
  private static final String FROM = "pekko://kv@10.0.0.1:7400";
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final byte[] CONTENT = {1, 2, 0, -1};

  /** As CBOR says it. */
  private static final int NULL = 0xf6;

  private final ActorTestKit kit = ActorTestKit.create();
  private final Serialization serialization = SerializationExtension.get(kit.system());

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  static List<GateMessage> messages() {
    return List.of(
        new ForPeer(FROM, "kv", P1, P2, new TimeoutNow(P1, Term.of(300))),
        new Bundle(
            FROM,
            List.of(
                new ForPeer(FROM, "kv", P1, P2, heartbeat(P1, 300)),
                new ForPeer(FROM, "other", P2, P1, answer(P2, 300)))),
        new Question(FROM, -7, 70_000, "kv", P2, 5_000, CONTENT),
        new Call(FROM, -7, 70_000, "shows", 5_000, CONTENT),
        new Reply(FROM, -7, 70_000, CONTENT),
        new Ping(FROM, -7, 123_456_789),
        new Pong(FROM, -7, 123_456_789),
        new Goodbye(FROM, -7),
        new Introduction(FROM, "kv", P1));
  }

  private static PeerMessage heartbeat(PeerId from, long number) {
    return new AppendEntries(
        from,
        Term.of(number),
        LogPosition.of(number, number),
        Batch.EMPTY,
        LogIndex.of(number),
        number);
  }

  private static PeerMessage answer(PeerId from, long number) {
    return new AppendAccepted(
        from, Term.of(number), LogIndex.of(number), number, Incarnation.of(number));
  }

  @Test
  @DisplayName("a letter in a bundle is not larger than it is held to be, whatever is in it")
  void largest() throws IOException {
    var id = PeerId.of("p".repeat(64));
    var none = serializer().toBinary(new Bundle(FROM, List.of())).length;
    for (var message : List.of(heartbeat(id, Long.MAX_VALUE), answer(id, Long.MAX_VALUE))) {
      var letter = new ForPeer(FROM, "\u20ac".repeat(9), id, id, message);
      var bytes = serializer().toBinary(new Bundle(FROM, List.of(letter))).length - none;
      assertThat(bytes).isLessThanOrEqualTo(Bundles.bytes(letter));
    }
  }

  private GateSerializer serializer() throws IOException {
    return (GateSerializer) serialization.serializerFor(GateMessage.class);
  }

  @ParameterizedTest
  @MethodSource("messages")
  @DisplayName("is written as it always was, and what was written is read")
  void golden(GateMessage message) throws IOException {
    var manifest = serializer().manifest(message);
    var bytes = serializer().toBinary(message);
    var expected = Golden.of("gate/" + manifest, bytes);
    assertThat(bytes).isEqualTo(expected);
    var read = serializer().fromBinary(expected, manifest);
    assertThat(read).usingRecursiveComparison().isEqualTo(message);
  }

  @Test
  @DisplayName("a letter in which CBOR says that there is nothing is refused, alone or in a bundle")
  void empty() throws IOException {
    var alone = new ByteArrayOutputStream();
    var out = new DataOutputStream(alone);
    out.writeUTF(FROM);
    writeNames(out);
    out.write(NULL);
    var bundle = new ByteArrayOutputStream();
    out = new DataOutputStream(bundle);
    out.writeUTF(FROM);
    out.writeInt(1);
    writeNames(out);
    out.writeInt(1);
    out.write(NULL);
    for (var bytes : Map.of("for-peer/1", alone, "bundle/1", bundle).entrySet()) {
      assertThatThrownBy(
              () -> serializer().fromBinary(bytes.getValue().toByteArray(), bytes.getKey()))
          .as(bytes.getKey())
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining("timeout-now/1");
    }
  }

  private static void writeNames(DataOutputStream out) throws IOException {
    out.writeUTF("kv");
    out.writeUTF("p1");
    out.writeUTF("p2");
    out.writeUTF("timeout-now/1");
  }

  @Test
  @DisplayName("every message of a gate is among them")
  void all() {
    assertThat(messages().stream().<Class<?>>map(Object::getClass).toList())
        .containsExactlyInAnyOrderElementsOf(concrete(GateMessage.class).toList());
  }

  private static Stream<Class<?>> concrete(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GateSerializerTest::concrete)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("messages")
  @DisplayName("one that is cut off is refused, before the content, which has a format of its own")
  void cutOff(GateMessage message) throws IOException {
    var manifest = serializer().manifest(message);
    var bytes = serializer().toBinary(message);
    var hasContent = message instanceof GateMessage.Asking || message instanceof Reply;
    var content = hasContent ? CONTENT.length : 0;
    for (var size = 0; size < bytes.length - content; size++) {
      var part = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> serializer().fromBinary(part, manifest))
          .as("the first bytes of %s", message)
          .isInstanceOf(NotSerializableException.class);
    }
  }
}
