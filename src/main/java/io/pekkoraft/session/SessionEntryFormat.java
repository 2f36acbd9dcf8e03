package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The payloads of entries about sessions, on disks and wires: a change needs a new version.
 *
 * <pre>
 *   OPEN_SESSION     version:1 stamp:8 expire after:8 sessions:4 reply bytes:8 in flight:4
 *   SESSION_COMMAND  version:1 stamp:8 session:8 sequence:8 lowest unanswered:8 command
 *   KEEP_ALIVE       version:1 stamp:8 session:8 lowest unanswered:8
 *   CLOSE_SESSION    version:1 stamp:8 session:8
 * </pre>
 */
final class SessionEntryFormat {
  private static final byte VERSION = 1;
  private static final int HEADER = 1 + 8;
  private static final int LIMITS = 8 + 4 + 8 + 4;

  private SessionEntryFormat() {}

  static Entry.Kind kindOf(SessionEntry entry) {
    if (entry instanceof SessionEntry.Open) {
      return Entry.Kind.OPEN_SESSION;
    }
    if (entry instanceof SessionEntry.Command) {
      return Entry.Kind.SESSION_COMMAND;
    }
    return entry instanceof SessionEntry.KeepAlive
        ? Entry.Kind.KEEP_ALIVE
        : Entry.Kind.CLOSE_SESSION;
  }

  static Bytes encode(SessionEntry entry) {
    if (entry instanceof SessionEntry.Open open) {
      var limits = open.limits();
      return Bytes.wrap(
          begin(entry, LIMITS)
              .putLong(limits.expireAfter())
              .putInt(limits.maxSessions())
              .putLong(limits.maxReplyBytes())
              .putInt(limits.maxInFlight())
              .array());
    }
    if (entry instanceof SessionEntry.Command command) {
      var number = command.number();
      return Bytes.wrap(
          begin(entry, 3 * Long.BYTES + command.command().size())
              .putLong(number.session().opened().value())
              .putLong(number.sequence())
              .putLong(number.lowestUnanswered())
              .put(command.command().buffer())
              .array());
    }
    if (entry instanceof SessionEntry.KeepAlive alive) {
      return Bytes.wrap(
          begin(entry, 2 * Long.BYTES)
              .putLong(alive.session().opened().value())
              .putLong(alive.lowestUnanswered())
              .array());
    }
    var close = (SessionEntry.Close) entry;
    return Bytes.wrap(begin(entry, Long.BYTES).putLong(close.session().opened().value()).array());
  }

  private static ByteBuffer begin(SessionEntry entry, int rest) {
    return ByteBuffer.allocate(HEADER + rest).put(VERSION).putLong(entry.stamp());
  }

  static SessionEntry decode(Entry.Kind kind, Bytes payload) {
    var in = payload.buffer();
    try {
      var version = in.get();
      if (version != VERSION) {
        throw malformed(kind, "has the unknown version " + version);
      }
      var entry = read(kind, payload, in);
      if (in.hasRemaining()) {
        throw malformed(kind, "goes on after its end, for bytes " + in.remaining());
      }
      return entry;
    } catch (BufferUnderflowException e) {
      throw malformed(kind, "ends too early");
    }
  }

  private static SessionEntry read(Entry.Kind kind, Bytes payload, ByteBuffer in) {
    var stamp = in.getLong();
    return switch (kind) {
      case OPEN_SESSION ->
          new SessionEntry.Open(
              new SessionLimits(in.getLong(), in.getInt(), in.getLong(), in.getInt()), stamp);
      case SESSION_COMMAND -> {
        var session = SessionId.of(in.getLong());
        var number = new SerialNumber(session, in.getLong(), in.getLong());
        yield new SessionEntry.Command(number, stamp, rest(payload, in));
      }
      case KEEP_ALIVE ->
          new SessionEntry.KeepAlive(SessionId.of(in.getLong()), in.getLong(), stamp);
      case CLOSE_SESSION -> new SessionEntry.Close(SessionId.of(in.getLong()), stamp);
      default -> throw malformed(kind, "says nothing about a session");
    };
  }

  private static Bytes rest(Bytes payload, ByteBuffer in) {
    var rest = new Bytes(payload.array(), payload.offset() + in.position(), in.remaining());
    in.position(in.limit());
    return rest;
  }

  private static IllegalArgumentException malformed(Entry.Kind kind, String otherwise) {
    return new IllegalArgumentException("An entry of kind " + kind + " " + otherwise + ".");
  }
}
