package io.pekkoraft;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import io.pekkoraft.election.ElectionTimeout;
import io.pekkoraft.election.Priorities;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.session.SessionLimits;
import io.pekkoraft.snapshot.SnapshotPolicy;
import io.pekkoraft.snapshot.SnapshotSender;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * How a peer behaves; every key is explained in {@code reference.conf} under {@code pekko-raft}.
 *
 * @param electionTimeout how long a follower waits for a word of its leader
 * @param heartbeatInterval how often a leader keeps its followers quiet
 * @param replication bounds on what is on its way to a follower
 * @param proposals bounds on what is pending at a leader
 * @param reads how reads are answered
 * @param sessions how long and how much is remembered for clients that ask again
 * @param membership how who belongs to the group changes
 * @param snapshots when a peer takes one, and how it is sent
 * @param maxApplyBatch how many entries are applied before other messages get their turn
 * @param store where what must survive is kept
 * @param dispatcher the id of the dispatcher of the store, and of the peers of a {@link RaftGroup}
 * @param client how patient a {@link RaftGroup} and a {@link RaftClient} are
 * @param restartBackoff how a {@link RaftGroup} restarts a peer that failed
 * @param leadership who should lead, and how a leader leaves
 * @param insight what is told of a peer
 * @param quiet when a group that has nothing to do goes quiet
 */
public record RaftSettings(
    ElectionTimeout electionTimeout,
    Duration heartbeatInterval,
    Replication replication,
    Proposals proposals,
    Reads reads,
    Sessions sessions,
    Membership membership,
    Snapshots snapshots,
    int maxApplyBatch,
    Store store,
    String dispatcher,
    Client client,
    RestartBackoff restartBackoff,
    Leadership leadership,
    Insight insight,
    Quiet quiet) {

  /** How many heartbeats fit in the shortest election time-out: one may get lost. */
  private static final int MIN_HEARTBEATS = 2;

  /**
   * @param maxBatchBytes the most bytes of entries in one message, unless a single one is larger
   * @param maxInFlightMessages messages not yet acknowledged, for each follower
   * @param maxInFlightBytes bytes of entries not yet acknowledged, for each follower
   */
  public record Replication(int maxBatchBytes, int maxInFlightMessages, long maxInFlightBytes) {
    public Replication {
      requirePositive("replication.max-batch-size", maxBatchBytes);
      requirePositive("replication.max-in-flight-messages", maxInFlightMessages);
      requirePositive("replication.max-in-flight-size", maxInFlightBytes);
    }
  }

  /**
   * @param maxCommandBytes the most bytes of one command, serialized
   * @param maxPending proposals without an answer, at a leader
   * @param maxPendingBytes bytes of proposals without an answer, at a leader
   */
  public record Proposals(int maxCommandBytes, int maxPending, long maxPendingBytes) {
    public Proposals {
      requirePositive("proposals.max-command-size", maxCommandBytes);
      requirePositive("proposals.max-pending", maxPending);
      if (maxPendingBytes < maxCommandBytes) {
        throw illegal(
            "proposals.max-pending-size",
            maxPendingBytes,
            "must hold at least one command of proposals.max-command-size, " + maxCommandBytes);
      }
    }
  }

  /**
   * @param maxPending reads without an answer, at any peer
   * @param lease whether a leader may answer from its lease
   * @param maxClockDrift how much faster or slower than real time any peer's clock may run
   */
  public record Reads(int maxPending, boolean lease, double maxClockDrift) {
    public Reads {
      requirePositive("reads.max-pending", maxPending);
      if (!(maxClockDrift >= 0 && maxClockDrift < 1)) {
        throw illegal("reads.max-clock-drift", maxClockDrift, "must be from 0 to below 1");
      }
    }
  }

  /**
   * What a leader puts into the log with each session that it opens; it holds for all peers from
   * there on.
   *
   * @param expireAfter of the log's time, without a word from the client; in whole milliseconds
   * @param maxSessions over all clients
   * @param maxReplyBytes of remembered replies, all sessions together
   * @param maxInFlight commands of one session, from its lowest unanswered one on
   */
  public record Sessions(
      Duration expireAfter, int maxSessions, long maxReplyBytes, int maxInFlight) {
    public Sessions {
      requirePositive("sessions.expire-after", expireAfter.toMillis());
      requirePositive("sessions.max-sessions", maxSessions);
      requirePositive("sessions.max-reply-size", maxReplyBytes);
      requirePositive("sessions.max-in-flight", maxInFlight);
      requireAtMost("sessions.max-sessions", maxSessions, SessionLimits.MOST_SESSIONS);
      requireAtMost("sessions.max-reply-size", maxReplyBytes, SessionLimits.MOST_REPLY_BYTES);
      requireAtMost("sessions.max-in-flight", maxInFlight, SessionLimits.MOST_IN_FLIGHT);
    }

    public SessionLimits limits() {
      return new SessionLimits(expireAfter.toMillis(), maxSessions, maxReplyBytes, maxInFlight);
    }
  }

  /**
   * @param maxCatchUpRounds how many rounds a peer that shall vote may take longer than it should
   * @param catchUpPatience how long it may come no further at all
   * @param farewellHeartbeats how often a peer that was removed is told so
   */
  public record Membership(int maxCatchUpRounds, Duration catchUpPatience, int farewellHeartbeats) {
    public Membership {
      requirePositive("membership.max-catch-up-rounds", maxCatchUpRounds);
      requirePositive("membership.catch-up-patience", catchUpPatience.toNanos());
      requirePositive("membership.farewell-heartbeats", farewellHeartbeats);
    }
  }

  /**
   * @param directory where they are; each peer has a directory of its own in it
   * @param policy when a peer takes one, and how much of the log it keeps
   * @param maxLogBytes of entries in memory; beyond it a leader takes no commands until a snapshot
   *     lets it discard some
   * @param retryAfter how long after a failure one is tried again, if not enough entries come first
   * @param sending how a leader sends one
   * @param syncBytes after so many bytes, what was written of one is synced
   * @param rest for so many times as long as these took, nothing is written
   * @param dispatcher where they are written and read, which blocks
   */
  public record Snapshots(
      String directory,
      SnapshotPolicy policy,
      long maxLogBytes,
      Duration retryAfter,
      SnapshotSender.Bounds sending,
      long syncBytes,
      double rest,
      String dispatcher) {
    public Snapshots {
      requirePositive("snapshots.sync-size", syncBytes);
      if (!(rest >= 0 && rest <= 100)) {
        throw illegal("snapshots.rest", rest, "must be from 0 to 100");
      }
      requirePositive("snapshots.retry-after", retryAfter.toNanos());
      if (maxLogBytes < policy.maxBytes()) {
        throw illegal(
            "snapshots.max-log-size",
            maxLogBytes,
            "must be at least snapshots.max-size, " + policy.maxBytes());
      }
    }
  }

  /**
   * @param journalPluginId and {@code snapshotPluginId}: the Pekko Persistence plugins that keep
   *     what must survive
   * @param maxWriteBytes the most bytes of entries in one write, unless a single batch is larger
   */
  public record Store(String journalPluginId, String snapshotPluginId, long maxWriteBytes) {
    public Store {
      requirePositive("store.max-write-size", maxWriteBytes);
    }
  }

  /**
   * @param timeout how long a {@link RaftGroup} or a {@link RaftClient} tries before it gives up
   * @param changeTimeout the same for a change of who belongs to the group, at a {@link RaftGroup}
   * @param retryBackoff how long it waits before it asks again who leads
   * @param resendAfter how long a {@link RaftClient} waits for an answer before it asks again
   * @param maxInFlight commands of a {@link RaftClient} that are sent, from the first without an
   *     answer on
   * @param maxPending requests without an answer, at a {@link RaftClient}
   */
  public record Client(
      Duration timeout,
      Duration changeTimeout,
      Duration retryBackoff,
      Duration resendAfter,
      int maxInFlight,
      int maxPending) {
    public Client {
      requirePositive("client.timeout", timeout.toNanos());
      requirePositive("client.change-timeout", changeTimeout.toNanos());
      requirePositive("client.retry-backoff", retryBackoff.toNanos());
      requirePositive("client.resend-after", resendAfter.toNanos());
      requirePositive("client.max-in-flight", maxInFlight);
      requirePositive("client.max-pending", maxPending);
    }
  }

  /** How long a {@link RaftGroup} waits before it restarts a peer that failed; it doubles. */
  public record RestartBackoff(Duration min, Duration max) {
    public RestartBackoff {
      requirePositive("group.restart-backoff.min", min.toNanos());
      if (max.compareTo(min) < 0) {
        throw illegal("group.restart-backoff.max", max, "must be at least min, " + min);
      }
    }
  }

  /**
   * @param priorities who should lead; the same at all peers of a group
   * @param handBackAfter how long a peer that should lead must have kept up until the leader hands
   *     the office over to it; empty for never
   * @param handoverTimeout how long a peer that is to be stopped may take to hand its office over
   * @param diskTimeout how long a write may take before a leader leaves because of it
   */
  public record Leadership(
      Priorities priorities,
      Optional<Duration> handBackAfter,
      Duration handoverTimeout,
      Duration diskTimeout) {
    public Leadership {
      handBackAfter.ifPresent(
          after -> requirePositive("leadership.hand-back-after", after.toNanos()));
      requirePositive("leadership.handover-timeout", handoverTimeout.toNanos());
      requirePositive("leadership.disk-timeout", diskTimeout.toNanos());
    }
  }

  /**
   * @param refusalsInterval how often at most it is told that commands are refused, for each reason
   * @param lag how many entries a follower may be behind without being called slow
   */
  public record Insight(Duration refusalsInterval, long lag) {
    public Insight {
      requirePositive("insight.refusals-interval", refusalsInterval.toNanos());
      requirePositive("insight.lag", lag);
    }
  }

  /**
   * @param after how long a group must have had nothing to do; empty for never
   * @param heartbeatInterval how often a leader looks after its followers meanwhile
   */
  public record Quiet(Optional<Duration> after, Duration heartbeatInterval) {
    public Quiet {
      after.ifPresent(idle -> requirePositive("quiet.after", idle.toNanos()));
      requirePositive("quiet.heartbeat-interval", heartbeatInterval.toNanos());
    }

    public boolean isOn() {
      return after.isPresent();
    }
  }

  public RaftSettings {
    requirePositive("heartbeat-interval", heartbeatInterval.toNanos());
    requirePositive("max-apply-batch", maxApplyBatch);
    if (heartbeatInterval.multipliedBy(MIN_HEARTBEATS).compareTo(electionTimeout.min()) > 0) {
      throw illegal(
          "heartbeat-interval",
          heartbeatInterval,
          "must fit at least "
              + MIN_HEARTBEATS
              + " times into election-timeout.min, "
              + electionTimeout.min());
    }
    if (quiet.isOn() && quiet.heartbeatInterval().compareTo(electionTimeout.max()) < 0) {
      throw illegal(
          "quiet.heartbeat-interval",
          quiet.heartbeatInterval(),
          "must be at least election-timeout.max, " + electionTimeout.max());
    }
  }

  public static RaftSettings create(ActorSystem<?> system) {
    return create(system.settings().config().getConfig("pekko-raft"));
  }

  /**
   * @param config the section {@code pekko-raft}
   * @throws IllegalArgumentException when a value is out of its bounds, naming the key
   * @throws ConfigException when a value is missing or of a wrong type
   */
  public static RaftSettings create(Config config) {
    return new RaftSettings(
        new ElectionTimeout(
            config.getDuration("election-timeout.min"), config.getDuration("election-timeout.max")),
        config.getDuration("heartbeat-interval"),
        new Replication(
            intBytes(config, "replication.max-batch-size"),
            config.getInt("replication.max-in-flight-messages"),
            config.getBytes("replication.max-in-flight-size")),
        new Proposals(
            intBytes(config, "proposals.max-command-size"),
            config.getInt("proposals.max-pending"),
            config.getBytes("proposals.max-pending-size")),
        new Reads(
            config.getInt("reads.max-pending"),
            config.getBoolean("reads.lease"),
            config.getDouble("reads.max-clock-drift")),
        new Sessions(
            config.getDuration("sessions.expire-after"),
            config.getInt("sessions.max-sessions"),
            config.getBytes("sessions.max-reply-size"),
            config.getInt("sessions.max-in-flight")),
        new Membership(
            config.getInt("membership.max-catch-up-rounds"),
            config.getDuration("membership.catch-up-patience"),
            config.getInt("membership.farewell-heartbeats")),
        new Snapshots(
            snapshotDirectory(config),
            new SnapshotPolicy(
                config.getLong("snapshots.max-entries"),
                config.getBytes("snapshots.max-size"),
                config.getLong("snapshots.min-entries"),
                config.getLong("snapshots.keep-entries")),
            config.getBytes("snapshots.max-log-size"),
            config.getDuration("snapshots.retry-after"),
            new SnapshotSender.Bounds(
                intBytes(config, "snapshots.chunk-size"),
                config.getBytes("snapshots.window-size"),
                config.getInt("snapshots.patience")),
            config.getBytes("snapshots.sync-size"),
            config.getDouble("snapshots.rest"),
            config.getString("snapshots.dispatcher-id")),
        config.getInt("max-apply-batch"),
        new Store(
            config.getString("store.journal-plugin-id"),
            config.getString("store.snapshot-plugin-id"),
            config.getBytes("store.max-write-size")),
        config.getString("dispatcher-id"),
        new Client(
            config.getDuration("client.timeout"),
            config.getDuration("client.change-timeout"),
            config.getDuration("client.retry-backoff"),
            config.getDuration("client.resend-after"),
            config.getInt("client.max-in-flight"),
            config.getInt("client.max-pending")),
        new RestartBackoff(
            config.getDuration("group.restart-backoff.min"),
            config.getDuration("group.restart-backoff.max")),
        new Leadership(
            priorities(config.getConfig("leadership.priorities")),
            durationOrOff(config, "leadership.hand-back-after"),
            config.getDuration("leadership.handover-timeout"),
            config.getDuration("leadership.disk-timeout")),
        new Insight(config.getDuration("insight.refusals-interval"), config.getLong("insight.lag")),
        new Quiet(
            durationOrOff(config, "quiet.after"), config.getDuration("quiet.heartbeat-interval")));
  }

  private static Priorities priorities(Config config) {
    var byPeer = new TreeMap<PeerId, Integer>();
    for (var entry : config.entrySet()) {
      var id = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      byPeer.put(PeerId.of(id), config.getInt(entry.getKey()));
    }
    return new Priorities(byPeer);
  }

  private static Optional<Duration> durationOrOff(Config config, String key) {
    return config.getString(key).equals("off")
        ? Optional.empty()
        : Optional.of(config.getDuration(key));
  }

  private static String snapshotDirectory(Config config) {
    var named = config.getString("snapshots.dir");
    return named.isEmpty() ? config.getString("rocksdb.dir") + "/snapshots" : named;
  }

  private static int intBytes(Config config, String key) {
    var bytes = config.getBytes(key);
    if (bytes > Integer.MAX_VALUE) {
      throw illegal(key, bytes, "must be below 2 GiB");
    }
    return bytes.intValue();
  }

  private static void requirePositive(String key, long value) {
    if (value <= 0) {
      throw illegal(key, value, "must be positive");
    }
  }

  private static void requireAtMost(String key, long value, long most) {
    if (value > most) {
      throw illegal(key, value, "must be at most " + most);
    }
  }

  private static IllegalArgumentException illegal(String key, Object value, String bound) {
    return new IllegalArgumentException(
        "pekko-raft." + key + " = " + value + ": it " + bound + ".");
  }
}
