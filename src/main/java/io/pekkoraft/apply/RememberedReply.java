package io.pekkoraft.apply;

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What came of a session's command, as the bytes that are remembered for a client that asks again.
 * They are in snapshots: a change needs a new code.
 *
 * <pre>
 *   result        0:1 result, as the codec writes it
 *   failed        1:1 text:250                                 the handler threw this
 *   result lost   2:1 text:250                                 done, but no codec takes the result
 * </pre>
 *
 * <p>A text is UTF-8, cut or filled with zeros to one size: it may hold what differs from peer to
 * peer, such as an object's address, and sizes decide who is forgotten.
 */
final class RememberedReply {
  private static final byte RESULT = 0;
  private static final byte FAILED = 1;
  private static final byte LOST = 2;
  private static final int TEXT = 250;

  private RememberedReply() {}

  static Bytes of(Outcome outcome, CommandCodec codec) {
    if (outcome.failure() != null) {
      return text(FAILED, outcome.failure().getMessage());
    }
    try {
      var result = codec.encode(outcome.result());
      return Bytes.wrap(
          ByteBuffer.allocate(1 + result.size()).put(RESULT).put(result.buffer()).array());
    } catch (Exception e) {
      return text(
          LOST,
          "The command took effect, but its result can't be serialized; let it implement"
              + " CborSerializable, or bind a serializer: "
              + e);
    }
  }

  private static Bytes text(byte code, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var end = Math.min(bytes.length, TEXT);
    while (end < bytes.length && isInsideCharacter(bytes[end])) {
      end--;
    }
    return Bytes.wrap(ByteBuffer.allocate(1 + TEXT).put(code).put(bytes, 0, end).array());
  }

  private static boolean isInsideCharacter(byte next) {
    return (next & 0xC0) == 0x80;
  }

  static boolean isResult(Bytes reply) {
    return code(reply) == RESULT;
  }

  private static byte code(Bytes reply) {
    return reply.array()[reply.offset()];
  }

  /** What {@link #of} was given, with a failure's text as long as it is kept. */
  static Outcome outcome(Bytes reply, CommandCodec codec) {
    var rest = new Bytes(reply.array(), reply.offset() + 1, reply.size() - 1);
    return switch (code(reply)) {
      case RESULT -> result(rest, codec);
      case FAILED -> new Outcome(null, new CommandFailed(text(rest), null));
      case LOST -> new Outcome(null, new ResultLost(text(rest)));
      default ->
          throw new IllegalArgumentException(
              "A remembered reply has the unknown code "
                  + code(reply)
                  + "; was it written by a newer version?");
    };
  }

  /**
   * To read it is the leader's errand alone, so that a failure is an answer and no reason to stop.
   */
  private static Outcome result(Bytes result, CommandCodec codec) {
    try {
      return new Outcome(codec.decode(result), null);
    } catch (Exception e) {
      return new Outcome(
          null,
          new ResultLost("The command took effect, but its result can't be read again: " + e));
    }
  }

  private static String text(Bytes padded) {
    var bytes =
        Arrays.copyOfRange(padded.array(), padded.offset(), padded.offset() + padded.size());
    var end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
