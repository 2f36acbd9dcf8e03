package io.pekkoraft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

class PluginTest {
  private static final String NOT_SERIALIZABLE = "an event that is not serializable";

  @TempDir Path directory;

  private ActorTestKit testKit;
  private TestProbe<String> probe;

  @AfterEach
  void stop() {
    if (testKit != null) {
      testKit.shutdownTestKit();
    }
  }

  @Test
  @DisplayName("an actor comes back with its events, after it and after its system has restarted")
  void recovers() {
    start();
    var list = testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered []");
    say(list, "one", "two three");
    testKit.stop(list);
    testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered [one, two, three]");

    testKit.shutdownTestKit();
    start();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered [one, two, three]");
  }

  @Test
  @DisplayName("an actor comes back from its snapshot when the events before it are deleted")
  void recoversFromSnapshot() {
    start();
    var list = testKit.spawn(WordList.of("list", probe.ref(), true));
    probe.expectMessage("recovered []");
    say(list, "a", "b", "c", "d", "e", "f", "g");
    testKit.shutdownTestKit();

    start();
    testKit.spawn(WordList.of("list", probe.ref(), true));
    probe.expectMessage("recovered [a, b, c, d, e, f, g]");
  }

  @Test
  @DisplayName("many actors at once share their syncs")
  void groupCommit() {
    start();
    int actors = 50;
    var lists =
        IntStream.range(0, actors)
            .mapToObj(n -> testKit.spawn(WordList.of("list-" + n, probe.ref(), false)))
            .toList();
    probe.receiveSeveralMessages(actors);
    long before = syncedWrites();
    for (int word = 0; word < 20; word++) {
      lists.forEach(list -> list.tell("word"));
    }
    probe.receiveSeveralMessages(actors * 20, Duration.ofSeconds(30));

    assertThat(syncedWrites() - before).isLessThan(actors * 20 / 2);
  }

  @Test
  @DisplayName("an event without a serializer is rejected, and the actor goes on behind it")
  void rejection() {
    start();
    var list = testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered []");
    say(list, "one");
    list.tell(NOT_SERIALIZABLE);
    probe.expectTerminated(list);

    var again = testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered [one]");
    say(again, "two");
    testKit.stop(again);
    testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered [one, two]");
  }

  @Test
  @DisplayName(
      "events of two writers mixed fail the replay, and none of them is dropped in silence")
  void twoWriters() {
    try (Store store = StoreFixture.open(directory)) {
      for (long sequenceNr = 1; sequenceNr <= 4; sequenceNr++) {
        String writer = sequenceNr % 2 == 0 ? "even" : "odd";
        StoreFixture.await(store.events().append(List.of(eventBy(writer, sequenceNr))));
      }
    }
    start();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    assertThat(probe.receiveMessage()).contains("Invalid replayed event", "writerUUID=odd");
  }

  @Test
  @DisplayName("an event that is lost fails the recovery")
  void lostEvent() throws Exception {
    try (Store store = StoreFixture.open(directory)) {
      StoreFixture.append(store, "list", 1, 3);
    }
    try (var database = Database.open(StoreFixture.settings(directory));
        var batch = new WriteBatch()) {
      batch.delete(database.family(Database.Family.EVENTS), Keys.event("list", 2));
      database.write(batch);
    }
    start();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    assertThat(probe.receiveMessage()).contains("[list]: the events 2 to 2 are lost");
  }

  @Test
  @DisplayName("a second system on the same directory is told why, at once, and not by a time-out")
  void secondSystem() {
    start();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered []");
    ActorTestKit second = ActorTestKit.create("second", config());
    try {
      TestProbe<String> told = second.createTestProbe();
      second.spawn(WordList.of("list", told.ref(), false));
      assertThat(told.receiveMessage())
          .contains("is in use by another process, or by another actor system")
          .contains(directory.toString());
    } finally {
      second.shutdownTestKit();
    }
  }

  @Test
  @DisplayName("a setting out of bounds is named to whoever uses the store")
  void wrongSetting() {
    testKit =
        ActorTestKit.create(
            "plugin-test",
            ConfigFactory.parseString("pekko-raft.rocksdb.recycled-log-files = 0")
                .withFallback(config()));
    probe = testKit.createTestProbe();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    assertThat(probe.receiveMessage())
        .contains("pekko-raft.rocksdb.recycled-log-files is 0; it must be at least 1");
  }

  @Test
  @DisplayName("however often the store could not be opened, who asks is told why")
  void neverOpened() throws IOException {
    var place = directory.resolve("store");
    Files.writeString(place, "in the way");
    testKit =
        ActorTestKit.create(
            "plugin-test",
            ConfigFactory.parseMap(Map.of("pekko-raft.rocksdb.dir", place.toString()))
                .withFallback(config()));
    probe = testKit.createTestProbe();
    for (var i = 0; i < 20; i++) {
      testKit.spawn(WordList.of("list", probe.ref(), false));
      assertThat(probe.receiveMessage()).contains(place.toString());
    }
  }

  @Test
  @DisplayName("after its system has ended the store refuses a late write")
  void afterTermination() {
    start();
    testKit.spawn(WordList.of("list", probe.ref(), false));
    probe.expectMessage("recovered []");
    var extension = StoreExtension.of(testKit.system().classicSystem());
    testKit.shutdownTestKit();

    var late =
        extension.use(store -> store.events().append(List.of(StoreFixture.event("list", 1))));
    assertThat(late.value().get().failed().get()).isInstanceOf(JournalException.Closed.class);
  }

  private static EventRecord eventBy(String writer, long sequenceNr) {
    return new EventRecord.Stored(
        "list", sequenceNr, 0, writer, "", StoreFixture.serialized("word"), Optional.empty());
  }

  private void start() {
    testKit = ActorTestKit.create("plugin-test", config());
    probe = testKit.createTestProbe();
  }

  private Config config() {
    return ConfigFactory.parseString(
            """
            pekko.persistence.journal.plugin = "pekko-raft.rocksdb.journal"
            pekko.persistence.snapshot-store.plugin = "pekko-raft.rocksdb.snapshot-store"
            pekko.loglevel = OFF
            pekko.stdout-loglevel = OFF
            """)
        .withFallback(
            ConfigFactory.parseMap(Map.of("pekko-raft.rocksdb.dir", directory.toString())))
        .withFallback(ConfigFactory.load());
  }

  private long syncedWrites() {
    var extension = StoreExtension.of(testKit.system().classicSystem());
    return extension
        .use(store -> CompletableFuture.completedFuture(store.syncedWrites()))
        .value()
        .get()
        .get();
  }

  private void say(ActorRef<String> list, String... lines) {
    for (String line : lines) {
      list.tell(line);
      probe.expectMessage("stored");
    }
  }

  /** Remembers words; a line of several is persisted as several events at once. */
  private static final class WordList extends EventSourcedBehavior<String, Object, String> {
    private final ActorRef<String> listener;
    private final boolean snapshots;

    private WordList(String id, ActorRef<String> listener, boolean snapshots) {
      super(PersistenceId.ofUniqueId(id));
      this.listener = listener;
      this.snapshots = snapshots;
    }

    static Behavior<String> of(String id, ActorRef<String> listener, boolean snapshots) {
      return new WordList(id, listener, snapshots);
    }

    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<String, Object, String> commandHandler() {
      return (words, line) ->
          Effect()
              .persist(line.equals(NOT_SERIALIZABLE) ? List.of(new Object()) : wordsOf(line))
              .thenRun(() -> listener.tell("stored"));
    }

    private static List<Object> wordsOf(String line) {
      return List.of((Object[]) line.split(" "));
    }

    @Override
    public EventHandler<String, Object> eventHandler() {
      return (words, word) -> words.isEmpty() ? word.toString() : words + ", " + word;
    }

    @Override
    public SignalHandler<String> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(
              RecoveryCompleted.instance(), words -> listener.tell("recovered [" + words + "]"))
          .onSignal(
              RecoveryFailed.class,
              (words, failed) -> listener.tell(failed.getFailure().getMessage()))
          .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return snapshots
          ? RetentionCriteria.snapshotEvery(3, 1).withDeleteEventsOnSnapshot()
          : RetentionCriteria.disabled();
    }
  }
}
