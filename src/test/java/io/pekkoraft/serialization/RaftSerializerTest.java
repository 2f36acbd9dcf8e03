package io.pekkoraft.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.Golden;
import io.pekkoraft.membership.Birth;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.snapshot.SnapshotAnswer;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotSender;
import io.pekkoraft.snapshot.SnapshotTransfer;
import io.pekkoraft.storage.StoreEvent;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
class RaftSerializerTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final Term TERM = Term.of(300);
  private static final LogPosition LAST = LogPosition.of(299, 70_000);
  private static final Batch BATCH =
      Batch.of(
          Entry.noOp(Term.of(299)),
          Entry.command(TERM, Bytes.wrap("hello".getBytes(StandardCharsets.UTF_8))));

  private static final Birth BIRTH =
      new Birth(Incarnation.of(-3), Configuration.of(PeerId.setOf("p1", "p2")));
  private static final SnapshotMeta META =
      new SnapshotMeta(
          LAST,
          ConfigurationFormat.encode(
              new VersionedConfiguration(
                  LogIndex.of(60_000), Configuration.of(PeerId.setOf("p1", "p2", "p3")))),
          100_000,
          0xCAFE);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Serialization serialization = SerializationExtension.get(kit.system());

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  static List<Object> records() {
    return List.of(
        new StoreEvent.PeerBorn(BIRTH),
        new StoreEvent.TermStarted(TERM),
        new StoreEvent.VoteCast(TERM, P1),
        new StoreEvent.EntriesAppended(LogIndex.of(70_001), BATCH),
        new StoreEvent.LogTruncated(LogIndex.of(70_001)),
        new StoreEvent.Compacted(BIRTH, TERM, Optional.of(P1), META, LogPosition.of(299, 69_000)),
        new PeerMessage.InstallSnapshot(
            P1,
            TERM,
            SnapshotChunk.of(
                META,
                new SnapshotSender.Slice(new SnapshotTransfer(TERM, 2), 3, 70_000, 5),
                new Bytes("hello".getBytes(StandardCharsets.UTF_8), 0, 5))),
        new PeerMessage.InstallSnapshotReply(
            P1,
            TERM,
            new SnapshotAnswer(
                new SnapshotTransfer(TERM, 2), 3, 70_005, 70_000, SnapshotAnswer.Verdict.TAKEN),
            Incarnation.of(-3)),
        new PeerMessage.Disowned(P1, TERM, LogIndex.of(70_002), Incarnation.of(-3)),
        new PeerMessage.PreVote(P1, TERM, LAST),
        new PeerMessage.PreVoteReply(P1, TERM, Term.of(299), true, Incarnation.of(-3)),
        new PeerMessage.RequestVote(P1, TERM, LAST, false),
        new PeerMessage.VoteReply(P1, TERM, false, Incarnation.of(-3)),
        new PeerMessage.TimeoutNow(P1, TERM),
        new PeerMessage.GoQuiet(P1, TERM, LAST, 300),
        new PeerMessage.GoneQuiet(P1, TERM, 300, Incarnation.of(-3)),
        new PeerMessage.Rouse(P1, TERM),
        new PeerMessage.AskReadIndex(P1, TERM, 300),
        new PeerMessage.ReadIndexAnswer(P1, TERM, 300, LogIndex.of(70_002)),
        new PeerMessage.AppendEntries(P1, TERM, LAST, BATCH, LogIndex.of(69_999), 300),
        new PeerMessage.AppendAccepted(P1, TERM, LogIndex.of(70_002), 300, Incarnation.of(-3)),
        new PeerMessage.AppendRejected(
            P1, TERM, LogIndex.of(70_000), LogPosition.of(2, 5), 300, Incarnation.of(-3)));
  }

  private RaftSerializer serializerOf(Object record) {
    return (RaftSerializer) serialization.findSerializerFor(record);
  }

  @ParameterizedTest
  @MethodSource("records")
  @DisplayName("is written as it always was, and what was written is read")
  void golden(Object record) throws IOException {
    var serializer = serializerOf(record);
    var manifest = serializer.manifest(record);
    var bytes = serializer.toBinary(record);
    var expected = Golden.of(manifest, bytes);
    assertThat(bytes).isEqualTo(expected);
    assertThat(serializer.fromBinary(expected, manifest)).isEqualTo(record);
  }

  @Test
  @DisplayName("every event and every peer message is among them")
  void all() {
    var types = Stream.of(StoreEvent.class, PeerMessage.class).flatMap(RaftSerializerTest::records);
    assertThat(records().stream().map(Object::getClass).toList())
        .containsExactlyInAnyOrderElementsOf(types.toList());
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RaftSerializerTest::records)
        : Stream.of(type);
  }

  @Test
  @DisplayName("a field that a newer version added is passed over")
  void newerField() throws IOException {
    var serializer = serializerOf(new StoreEvent.TermStarted(TERM));
    // {"term": 7, "later": "x"}
    var bytes = HexFormat.of().parseHex("bf647465726d07656c617465726178ff");
    assertThat(serializer.fromBinary(bytes, "event/term-started/1"))
        .isEqualTo(new StoreEvent.TermStarted(Term.of(7)));
  }

  @Test
  @DisplayName("what is malformed, cut, or of an unknown kind gets a clear error")
  void malformed() {
    var serializer = serializerOf(new StoreEvent.TermStarted(TERM));
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "event/unheard-of/9"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("event/unheard-of/9");
    for (var record : records()) {
      var manifest = serializer.manifest(record);
      var bytes = serializer.toBinary(record);
      for (var length = 0; length < bytes.length; length++) {
        var cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> serializer.fromBinary(cut, manifest))
            .isInstanceOf(NotSerializableException.class)
            .hasMessageContaining(manifest);
      }
      var tail = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> serializer.fromBinary(tail, manifest))
          .isInstanceOf(NotSerializableException.class);
    }
    // {}, {"term": null}, {"term": -1} and {"term": "7"}
    for (var hex : List.of("a0", "a1647465726df6", "a1647465726d20", "a1647465726d6137")) {
      assertThatThrownBy(
              () -> serializer.fromBinary(HexFormat.of().parseHex(hex), "event/term-started/1"))
          .isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  @DisplayName("entries from a later term than their message's are refused")
  void forgedEntries() {
    assertThatThrownBy(
            () ->
                new PeerMessage.AppendEntries(
                    P1, Term.of(1), LogPosition.ORIGIN, BATCH, LogIndex.ZERO, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a command comes back from its bytes; one without a serializer is refused")
  void commands() {
    var codec = new PekkoCommandCodec(serialization);
    assertThat(codec.decode(codec.encode("text"))).isEqualTo("text");
    assertThat(codec.decode(codec.encode(42L))).isEqualTo(42L);
    assertThatThrownBy(() -> codec.encode(new Object())).isInstanceOf(Exception.class);
  }
}
