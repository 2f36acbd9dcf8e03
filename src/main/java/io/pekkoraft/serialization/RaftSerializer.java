package io.pekkoraft.serialization;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.storage.StoreEvent;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What peers say to each other and what their stores keep, as CBOR. The manifests below are on disk
 * and on the wire, and never change; a record that changes beyond new fields gets a new one, and
 * the old one stays readable.
 */
public final class RaftSerializer extends SerializerWithStringManifest {
  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("event/peer-born/1", StoreEvent.PeerBorn.class),
          Map.entry("event/term-started/1", StoreEvent.TermStarted.class),
          Map.entry("event/vote-cast/1", StoreEvent.VoteCast.class),
          Map.entry("event/entries-appended/1", StoreEvent.EntriesAppended.class),
          Map.entry("event/log-truncated/1", StoreEvent.LogTruncated.class),
          Map.entry("event/compacted/1", StoreEvent.Compacted.class),
          Map.entry("disowned/1", PeerMessage.Disowned.class),
          Map.entry("pre-vote/1", PeerMessage.PreVote.class),
          Map.entry("pre-vote-reply/1", PeerMessage.PreVoteReply.class),
          Map.entry("request-vote/1", PeerMessage.RequestVote.class),
          Map.entry("vote-reply/1", PeerMessage.VoteReply.class),
          Map.entry("timeout-now/1", PeerMessage.TimeoutNow.class),
          Map.entry("ask-read-index/1", PeerMessage.AskReadIndex.class),
          Map.entry("read-index-answer/1", PeerMessage.ReadIndexAnswer.class),
          Map.entry("append-entries/1", PeerMessage.AppendEntries.class),
          Map.entry("go-quiet/1", PeerMessage.GoQuiet.class),
          Map.entry("gone-quiet/1", PeerMessage.GoneQuiet.class),
          Map.entry("rouse/1", PeerMessage.Rouse.class),
          Map.entry("install-snapshot/1", PeerMessage.InstallSnapshot.class),
          Map.entry("install-snapshot-reply/1", PeerMessage.InstallSnapshotReply.class),
          Map.entry("append-accepted/1", PeerMessage.AppendAccepted.class),
          Map.entry("append-rejected/1", PeerMessage.AppendRejected.class));

  private static final Map<Class<?>, String> MANIFESTS = inverse(TYPES);

  private final int identifier;
  private final ObjectMapper cbor = RaftCbor.mapper();

  public RaftSerializer(ExtendedActorSystem system) {
    identifier = SerializerId.of(RaftSerializer.class, system);
  }

  /** What {@code manifest} stands for, or null. */
  static Class<?> type(String manifest) {
    return TYPES.get(manifest);
  }

  private static Map<Class<?>, String> inverse(Map<String, Class<?>> types) {
    var manifests = new LinkedHashMap<Class<?>, String>();
    types.forEach((manifest, type) -> manifests.put(type, manifest));
    return Map.copyOf(manifests);
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object object) {
    var manifest = MANIFESTS.get(object.getClass());
    if (manifest == null) {
      throw new IllegalArgumentException(object.getClass().getName() + " is not a Raft record.");
    }
    return manifest;
  }

  @Override
  public byte[] toBinary(Object object) {
    try {
      return cbor.writeValueAsBytes(object);
    } catch (IOException e) {
      throw new IllegalArgumentException("Can't serialize " + object + ".", e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    var type = TYPES.get(manifest);
    if (type == null) {
      throw new NotSerializableException(
          "Unknown manifest \"" + manifest + "\"; was it written by a newer version?");
    }
    try {
      return cbor.readValue(bytes, type);
    } catch (IOException | RuntimeException e) {
      var malformed = new NotSerializableException("Malformed " + manifest + ": " + e.getMessage());
      malformed.initCause(e);
      throw malformed;
    }
  }
}
