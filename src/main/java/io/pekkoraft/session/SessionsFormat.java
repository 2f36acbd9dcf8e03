package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A table of sessions as bytes, in a snapshot and so on disks and wires: a change needs a new
 * version.
 *
 * <pre>
 *   table    version:1 clock:8 limits sessions:4 session*      the longest unheard first
 *   limits   expire after:8 sessions:4 reply bytes:8 in flight:4
 *   session  id:8 last heard:8 lowest unanswered:8 replies:4 reply*
 *   reply    sequence - lowest unanswered:4 size:4 bytes        in the order of sequences
 * </pre>
 */
final class SessionsFormat {
  private static final byte VERSION = 1;
  private static final int HEADER = 1 + 8 + (8 + 4 + 8 + 4) + 4;
  private static final int SESSION = 8 + 8 + 8 + 4;
  private static final int REPLY = 4 + 4;

  private SessionsFormat() {}

  static Bytes encode(Sessions sessions) {
    var size = (long) HEADER;
    for (var session : sessions.all()) {
      var replies = session.replies();
      size += SESSION + replies.bytes() - replies.count() * (long) (Replies.OVERHEAD - REPLY);
    }
    var out = ByteBuffer.allocate(Math.toIntExact(size));
    var limits = sessions.limits();
    out.put(VERSION).putLong(sessions.clock());
    out.putLong(limits.expireAfter()).putInt(limits.maxSessions());
    out.putLong(limits.maxReplyBytes()).putInt(limits.maxInFlight());
    out.putInt(sessions.size());
    for (var session : sessions.all()) {
      write(session, out);
    }
    return Bytes.wrap(out.array());
  }

  private static void write(Session session, ByteBuffer out) {
    var replies = session.replies();
    out.putLong(session.id().opened().value()).putLong(session.lastHeard());
    out.putLong(replies.lowest()).putInt(replies.count());
    for (var sequence = replies.lowest(); sequence <= replies.highest(); sequence++) {
      var reply = replies.reply(sequence);
      if (reply != null) {
        out.putInt((int) (sequence - replies.lowest())).putInt(reply.size()).put(reply.buffer());
      }
    }
  }

  static Sessions decode(Bytes encoded) {
    try {
      return read(encoded.buffer());
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("A table of sessions ends too early.", e);
    }
  }

  private static Sessions read(ByteBuffer in) {
    var version = in.get();
    check(version == VERSION, "has the unknown version ", version);
    var clock = in.getLong();
    check(clock >= 0, "has the clock ", clock);
    var limits = new SessionLimits(in.getLong(), in.getInt(), in.getLong(), in.getInt());
    var sessions = new Sessions(clock, limits);
    var count = in.getInt();
    check(count >= 0 && count <= limits.maxSessions(), "claims a number of sessions of ", count);
    var lastHeard = 0L;
    for (var i = 0; i < count; i++) {
      var session = readSession(in);
      check(!sessions.has(session.id()), "has twice the session ", session.id());
      check(
          session.lastHeard() >= lastHeard && session.lastHeard() <= clock,
          "is out of order at session ",
          session.id());
      lastHeard = session.lastHeard();
      sessions.add(session);
    }
    check(
        sessions.replyBytes() <= limits.maxReplyBytes(),
        "is over its limit with reply bytes of ",
        sessions.replyBytes());
    check(!in.hasRemaining(), "goes on after its end, for bytes ", in.remaining());
    return sessions;
  }

  private static Session readSession(ByteBuffer in) {
    var id = SessionId.of(in.getLong());
    var lastHeard = in.getLong();
    var lowest = in.getLong();
    check(lowest >= 1 && lowest < Long.MAX_VALUE, "has the lowest unanswered ", lowest);
    var replies = new Replies(lowest);
    var count = in.getInt();
    check(count >= 0, "claims a number of replies of ", count);
    var least = 0;
    for (var i = 0; i < count; i++) {
      var offset = in.getInt();
      check(offset >= least && offset < SessionLimits.MOST_IN_FLIGHT, "has a reply at ", offset);
      check(lowest < Long.MAX_VALUE - offset, "has a reply too high, at ", offset);
      replies.remember(lowest + offset, readReply(in));
      least = offset + 1;
    }
    return new Session(id, lastHeard, replies);
  }

  private static Bytes readReply(ByteBuffer in) {
    var size = in.getInt();
    check(size >= 0 && size <= in.remaining(), "claims a reply of bytes ", size);
    var reply = new byte[size];
    in.get(reply);
    return Bytes.wrap(reply);
  }

  private static void check(boolean holds, String otherwise, Object what) {
    if (!holds) {
      throw new IllegalArgumentException("A table of sessions " + otherwise + what + ".");
    }
  }
}
