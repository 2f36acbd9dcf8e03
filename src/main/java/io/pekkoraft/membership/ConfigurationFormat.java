package io.pekkoraft.membership;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A configuration as bytes, in entries and in snapshots and so on disks and wires: a change needs a
 * new version.
 *
 * <pre>
 *   versioned      index of its entry:8 configuration
 *   configuration  version:1 voters outgoing learners met
 *   voters, ...    count:1 id*
 *   met            count:1 (id incarnation:8)*
 *   id             size:1 ASCII
 * </pre>
 */
public final class ConfigurationFormat {
  private static final byte VERSION = 1;

  private ConfigurationFormat() {}

  public static Bytes encode(VersionedConfiguration versioned) {
    var configuration = versioned.configuration();
    var out = ByteBuffer.allocate(Long.BYTES + size(configuration));
    write(configuration, out.putLong(versioned.version().value()));
    return Bytes.wrap(out.array());
  }

  public static Bytes encode(Configuration configuration) {
    var out = ByteBuffer.allocate(size(configuration));
    write(configuration, out);
    return Bytes.wrap(out.array());
  }

  private static int size(Configuration configuration) {
    return 1
        + size(configuration.voters())
        + size(configuration.outgoing())
        + size(configuration.learners())
        + size(PeerId.sorted(configuration.met().keySet()))
        + configuration.met().size() * Long.BYTES;
  }

  private static int size(SortedSet<PeerId> peers) {
    return 1 + peers.stream().mapToInt(peer -> 1 + peer.value().length()).sum();
  }

  private static void write(Configuration configuration, ByteBuffer out) {
    out.put(VERSION);
    write(configuration.voters(), out);
    write(configuration.outgoing(), out);
    write(configuration.learners(), out);
    out.put((byte) configuration.met().size());
    configuration
        .met()
        .forEach(
            (peer, incarnation) -> {
              write(peer, out);
              out.putLong(incarnation.value());
            });
  }

  private static void write(SortedSet<PeerId> peers, ByteBuffer out) {
    out.put((byte) peers.size());
    peers.forEach(peer -> write(peer, out));
  }

  private static void write(PeerId peer, ByteBuffer out) {
    var id = peer.value().getBytes(StandardCharsets.US_ASCII);
    out.put((byte) id.length).put(id);
  }

  /**
   * Reads what {@link #encode(VersionedConfiguration)} gave.
   *
   * @throws IllegalArgumentException when the bytes are not a configuration with its version
   */
  public static VersionedConfiguration decodeVersioned(Bytes encoded) {
    try {
      var in = encoded.buffer();
      return new VersionedConfiguration(LogIndex.of(in.getLong()), read(in));
    } catch (BufferUnderflowException e) {
      throw endsTooEarly(e);
    }
  }

  /**
   * Reads what {@link #encode(Configuration)} gave.
   *
   * @throws IllegalArgumentException when the bytes are not a configuration
   */
  public static Configuration decode(Bytes encoded) {
    try {
      return read(encoded.buffer());
    } catch (BufferUnderflowException e) {
      throw endsTooEarly(e);
    }
  }

  private static IllegalArgumentException endsTooEarly(BufferUnderflowException cause) {
    return new IllegalArgumentException("A configuration ends too early.", cause);
  }

  private static Configuration read(ByteBuffer in) {
    var version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "A configuration has the unknown version "
              + version
              + "; was it written by a newer release?");
    }
    var configuration = new Configuration(readPeers(in), readPeers(in), readPeers(in), readMet(in));
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(
          "A configuration goes on after its end, for bytes " + in.remaining() + ".");
    }
    return configuration;
  }

  private static SortedSet<PeerId> readPeers(ByteBuffer in) {
    var peers = new TreeSet<PeerId>();
    var count = in.get();
    for (var i = 0; i < count; i++) {
      if (!peers.add(readPeer(in))) {
        throw namesTwice();
      }
    }
    return peers;
  }

  private static SortedMap<PeerId, Incarnation> readMet(ByteBuffer in) {
    var met = new TreeMap<PeerId, Incarnation>();
    var count = in.get();
    for (var i = 0; i < count; i++) {
      if (met.put(readPeer(in), Incarnation.of(in.getLong())) != null) {
        throw namesTwice();
      }
    }
    return met;
  }

  private static IllegalArgumentException namesTwice() {
    return new IllegalArgumentException("A configuration names a peer twice.");
  }

  private static PeerId readPeer(ByteBuffer in) {
    var id = new byte[Byte.toUnsignedInt(in.get())];
    in.get(id);
    return PeerId.of(new String(id, StandardCharsets.US_ASCII));
  }
}
