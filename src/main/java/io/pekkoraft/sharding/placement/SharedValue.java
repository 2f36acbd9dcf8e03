package io.pekkoraft.sharding.placement;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.ReplicatedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;

/** One value that the nodes of the cluster share, by Distributed Data. */
final class SharedValue<D extends ReplicatedData> extends AbstractBehavior<SharedValue.Message<D>> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ReplicatorMessageAdapter<Message<D>, D> data;
  private final Key<D> key;
  private final D empty;
  private final Consumer<D> hearing;

  /** All that was heard: an answer may be older than what was told meanwhile. */
  private D value;

  /**
   * @param <D> of the value
   */
  sealed interface Message<D extends ReplicatedData> {}

  /**
   * Changes the value, and tells the others.
   *
   * @param done whether most nodes have confirmed it in time; if not, they will hear of it later
   */
  record Change<D extends ReplicatedData>(UnaryOperator<D> change, Consumer<Boolean> done)
      implements Message<D> {}

  /**
   * Asks the others for the value, rather than wait until they tell.
   *
   * @param done whether most of them have answered in time; what they said was heard before
   */
  record Fetch<D extends ReplicatedData>(Consumer<Boolean> done) implements Message<D> {}

  private record Heard<D extends ReplicatedData>(D value) implements Message<D> {}

  private record Done<D extends ReplicatedData>(Consumer<Boolean> hearing, boolean most)
      implements Message<D> {}

  private record Fetched<D extends ReplicatedData>(
      Optional<D> value, boolean most, Consumer<Boolean> done) implements Message<D> {}

  private record Nothing<D extends ReplicatedData>() implements Message<D> {}

  private SharedValue(
      ActorContext<Message<D>> context,
      ReplicatorMessageAdapter<Message<D>, D> data,
      Key<D> key,
      D empty,
      Consumer<D> hearing) {
    super(context);
    this.data = data;
    this.key = key;
    this.empty = empty;
    this.hearing = hearing;
    this.value = empty;
    data.subscribe(key, this::heard);
  }

  /**
   * @param hearing told each time that the value is another one; must not block
   */
  static <D extends ReplicatedData> Behavior<Message<D>> create(
      Key<D> key, D empty, Consumer<D> hearing) {
    return Behaviors.setup(
        context ->
            DistributedData.withReplicatorMessageAdapter(
                (ReplicatorMessageAdapter<Message<D>, D> data) ->
                    new SharedValue<>(context, data, key, empty, hearing)));
  }

  private Message<D> heard(Replicator.SubscribeResponse<D> response) {
    return response instanceof Replicator.Changed<D> changed
        ? new Heard<>(changed.get(key))
        : new Nothing<>();
  }

  @Override
  @SuppressWarnings("unchecked") // Its messages are all of the same value.
  public Receive<Message<D>> createReceive() {
    return newReceiveBuilder()
        .onMessage(Change.class, change -> onChange((Change<D>) change))
        .onMessage(Fetch.class, fetch -> onFetch((Fetch<D>) fetch))
        .onMessage(Fetched.class, fetched -> onFetched((Fetched<D>) fetched))
        .onMessage(Heard.class, heard -> onHeard((Heard<D>) heard))
        .onMessage(Done.class, done -> onDone((Done<D>) done))
        .onMessage(Nothing.class, nothing -> this)
        .build();
  }

  private Behavior<Message<D>> onChange(Change<D> change) {
    data.askUpdate(
        replyTo ->
            new Replicator.Update<>(
                key,
                empty,
                new Replicator.WriteMajority(PATIENCE),
                replyTo,
                change.change()::apply),
        response -> new Done<>(change.done(), response instanceof Replicator.UpdateSuccess));
    return this;
  }

  private Behavior<Message<D>> onDone(Done<D> done) {
    done.hearing().accept(done.most());
    return this;
  }

  private Behavior<Message<D>> onFetch(Fetch<D> fetch) {
    data.askGet(
        replyTo -> new Replicator.Get<>(key, new Replicator.ReadMajority(PATIENCE), replyTo),
        response ->
            new Fetched<>(
                response instanceof Replicator.GetSuccess<D> found
                    ? Optional.of(found.get(key))
                    : Optional.empty(),
                // Most may have answered that there is none.
                response instanceof Replicator.GetSuccess
                    || response instanceof Replicator.NotFound,
                fetch.done()));
    return this;
  }

  private Behavior<Message<D>> onFetched(Fetched<D> fetched) {
    fetched.value().ifPresent(this::hear);
    fetched.done().accept(fetched.most());
    return this;
  }

  private Behavior<Message<D>> onHeard(Heard<D> heard) {
    hear(heard.value());
    return this;
  }

  @SuppressWarnings("unchecked") // Merged values are of the same kind.
  private void hear(D other) {
    value = (D) value.merge(other);
    hearing.accept(value);
  }
}
