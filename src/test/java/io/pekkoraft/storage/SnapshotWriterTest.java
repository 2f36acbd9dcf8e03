package io.pekkoraft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SnapshotWork.Appended;
import io.pekkoraft.protocol.SnapshotWork.Loaded;
import io.pekkoraft.protocol.SnapshotWork.NotReceived;
import io.pekkoraft.protocol.SnapshotWork.NotTaken;
import io.pekkoraft.protocol.SnapshotWork.Opened;
import io.pekkoraft.protocol.SnapshotWork.Received;
import io.pekkoraft.protocol.SnapshotWork.Taken;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import io.pekkoraft.snapshot.file.FileSnapshotStore;
import io.pekkoraft.snapshot.file.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWriterTest {
  @TempDir Path directory;
  private final TestInbox<SelfMessage> peer = TestInbox.create();
  private final Halt halt = new Halt();
  private FileSnapshotStore store;
  private BehaviorTestKit<SnapshotWriter.Command> writer;

  /** A state is a text; the text "unwritable" is none. */
  private static final class TextFormat implements SnapshotFormat<Object> {
    @Override
    public void write(Object state, OutputStream out) throws IOException {
      if (state.equals("unwritable")) {
        throw new IOException("on purpose");
      }
      out.write(state.toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Object read(InputStream in) throws IOException {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @BeforeEach
  void open() {
    store = FileSnapshotStore.open(directory, 1024, Pace.Rest.NONE);
    writer =
        BehaviorTestKit.create(
            SnapshotWriter.create(() -> store, new TextFormat(), halt, peer.getRef()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static SnapshotWriter.Take take(long index, String state) {
    return new SnapshotWriter.Take(
        new HandedOver(LogPosition.of(1, index), state, Bytes.EMPTY), Bytes.EMPTY);
  }

  private SnapshotMeta takes(long index, String state) {
    writer.run(take(index, state));
    return ((Taken) peer.receiveMessage()).meta();
  }

  private static byte[] content(String state) throws IOException {
    var content = new ByteArrayOutputStream();
    SnapshotContent.write(take(1, state).state(), new TextFormat(), content);
    return content.toByteArray();
  }

  private static SnapshotMeta meta(long index, byte[] content) {
    return new SnapshotMeta(
        LogPosition.of(1, index), Bytes.EMPTY, content.length, Checksum.of(Bytes.wrap(content)));
  }

  private List<Long> committed() {
    return store.committed().stream().map(meta -> meta.position().index().value()).toList();
  }

  @Test
  @DisplayName("what is taken is on disk when the peer hears of it, and can be loaded")
  void takesAndLoads() {
    var meta = takes(5, "state");
    assertThat(store.check(meta.id())).isEqualTo(meta);
    writer.run(new SnapshotWriter.Load(meta));
    assertThat(((Loaded) peer.receiveMessage()).state().machine()).isEqualTo("state");
  }

  @Test
  @DisplayName("what can't be written leaves nothing, and is told")
  void notTaken() {
    writer.run(take(5, "unwritable"));
    assertThat(peer.receiveMessage())
        .isInstanceOfSatisfying(
            NotTaken.class,
            failed -> assertThat(failed.position()).isEqualTo(LogPosition.of(1, 5)));
    assertThat(committed()).isEmpty();
  }

  @Test
  @DisplayName("what comes piece by piece is read when all of it is there")
  void receives() throws IOException {
    var content = content("from a leader");
    var meta = meta(9, content);
    writer.run(new SnapshotWriter.Open(7, meta));
    assertThat(peer.receiveMessage()).isEqualTo(new Opened(7, 0));
    writer.run(new SnapshotWriter.Append(7, 0, Bytes.wrap(content)));
    assertThat(peer.receiveMessage()).isEqualTo(new Appended(7, content.length));
    writer.run(new SnapshotWriter.Finish(7));
    var received = (Received) peer.receiveMessage();
    assertThat(received.meta()).isEqualTo(meta);
    assertThat(received.state().machine()).isEqualTo("from a leader");
  }

  @Test
  @DisplayName("what is not what was announced is no snapshot")
  void notWhatWasAnnounced() throws IOException {
    var content = content("from a leader");
    var meta = meta(9, content("from a lEader"));
    writer.run(new SnapshotWriter.Open(7, meta));
    writer.run(new SnapshotWriter.Append(7, 0, Bytes.wrap(content)));
    peer.getAllReceived();
    writer.run(new SnapshotWriter.Finish(7));
    assertThat(peer.receiveMessage()).isInstanceOf(NotReceived.class);
    assertThat(committed()).isEmpty();
  }

  @Test
  @DisplayName("one that is whole and can't be understood is told, and changes nothing")
  void notUnderstood() {
    var content = new byte[] {99, 1, 2, 3, 4, 5};
    writer.run(new SnapshotWriter.Open(7, meta(9, content)));
    writer.run(new SnapshotWriter.Append(7, 0, Bytes.wrap(content)));
    peer.getAllReceived();
    writer.run(new SnapshotWriter.Finish(7));
    assertThat(((NotReceived) peer.receiveMessage()).reason()).contains("version 99");
  }

  @Test
  @DisplayName("and does not stay: else each one that its leader sends in vain would")
  void notUnderstoodAndNotKept() {
    var content = new byte[] {99, 1, 2, 3, 4, 5};
    var before = takes(5, "before");
    writer.run(new SnapshotWriter.Open(7, meta(9, content)));
    writer.run(new SnapshotWriter.Append(7, 0, Bytes.wrap(content)));
    writer.run(new SnapshotWriter.Finish(7));
    writer.run(new SnapshotWriter.Retain(List.of(before.id())));
    assertThat(committed()).containsExactly(5L);
  }

  @Test
  @DisplayName("what the peer does not want any more is deleted")
  void retains() {
    takes(5, "old");
    var meta = takes(8, "new");
    writer.run(new SnapshotWriter.Retain(List.of(meta.id())));
    assertThat(committed()).containsExactly(8L);
  }

  @Test
  @DisplayName("what was made while the peer asked to delete others stays: it is to hear of it yet")
  void keepsWhatIsNew() throws IOException {
    var before = takes(5, "before");
    // The peer asks for this before it has heard of what comes first in the writer's mailbox.
    var request = new SnapshotWriter.Retain(List.of(before.id()));
    var own = takes(8, "own");
    var content = content("a leader's");
    writer.run(new SnapshotWriter.Open(7, meta(9, content)));
    writer.run(new SnapshotWriter.Append(7, 0, Bytes.wrap(content)));
    writer.run(new SnapshotWriter.Finish(7));
    writer.run(request);
    assertThat(committed()).containsExactly(9L, 8L, 5L);
    writer.run(new SnapshotWriter.Retain(List.of(own.id())));
    assertThat(committed()).containsExactly(9L, 8L);
  }

  @Test
  @DisplayName("also another one of the very position that the peer has")
  void keepsAnotherOfThatPosition() {
    var before = takes(5, "before");
    takes(5, "replacement");
    writer.run(new SnapshotWriter.Retain(List.of(before.id())));
    assertThat(committed()).containsExactly(5L, 5L);
  }

  @Test
  @DisplayName("a peer that stops ends what is under way, however long it would take")
  void halts() {
    halt.call();
    writer.run(take(5, "state"));
    assertThat(peer.receiveMessage()).isInstanceOf(NotTaken.class);
    assertThat(committed()).isEmpty();
  }

  @Test
  @DisplayName("a place that can't be opened is told like a failure, and tried again")
  void noPlace() {
    var places = List.<SnapshotStore>of(store).iterator();
    var tries = new int[1];
    var late =
        BehaviorTestKit.create(
            SnapshotWriter.create(
                () -> {
                  if (tries[0]++ == 0) {
                    throw new IllegalStateException("on purpose");
                  }
                  return places.next();
                },
                new TextFormat(),
                halt,
                peer.getRef()));
    late.run(take(5, "state"));
    assertThat(peer.receiveMessage()).isInstanceOf(NotTaken.class);
    late.run(take(5, "state"));
    assertThat(peer.receiveMessage()).isInstanceOf(Taken.class);
  }
}
