package io.pekkoraft.demo;

import io.pekkoraft.demo.KeyValue.Created;
import io.pekkoraft.demo.KeyValue.Missing;
import io.pekkoraft.demo.KeyValue.PreconditionFailed;
import io.pekkoraft.demo.KeyValue.Removed;
import io.pekkoraft.demo.KeyValue.Replaced;
import io.pekkoraft.demo.KeyValue.Result;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.pcollections.TreePMap;

/**
 * What writes under an idempotency key were answered: the last {@link #MOST} of them, by the log
 * and not by any clock, so that all peers remember the same. Immutable.
 *
 * @param byKey what was answered
 * @param byAge the keys by the index at which each was first used
 */
record RememberedAnswers(TreePMap<String, Answer> byKey, TreePMap<Long, String> byAge) {
  /** How many are remembered; the oldest makes room for a new one. */
  static final int MOST = 10_000;

  static final RememberedAnswers NONE = new RememberedAnswers(TreePMap.empty(), TreePMap.empty());

  /**
   * @param fingerprint of the request that was answered
   */
  record Answer(String fingerprint, Result result) {}

  Optional<Answer> to(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /**
   * @param index of the command in the log; higher than any before
   */
  RememberedAnswers and(String key, Answer answer, long index) {
    var full = byKey.size() >= MOST;
    var oldest = full ? byAge.firstEntry() : null;
    var kept = full ? byKey.minus(oldest.getValue()) : byKey;
    var ages = full ? byAge.minus(oldest.getKey()) : byAge;
    return new RememberedAnswers(kept.plus(key, answer), ages.plus(index, key));
  }

  // In a snapshot: number (4 bytes), and by their age: index (8), key, fingerprint, result.

  void write(DataOutputStream out) throws IOException {
    out.writeInt(byAge.size());
    for (var each : byAge.entrySet()) {
      var answer = byKey.get(each.getValue());
      out.writeLong(each.getKey());
      out.writeUTF(each.getValue());
      out.writeUTF(answer.fingerprint());
      write(answer.result(), out);
    }
  }

  static RememberedAnswers read(DataInputStream in) throws IOException {
    var answers = NONE;
    for (var left = in.readInt(); left > 0; left--) {
      var index = in.readLong();
      var key = in.readUTF();
      answers = answers.and(key, new Answer(in.readUTF(), readResult(in)), index);
    }
    return answers;
  }

  private static void write(Result result, DataOutputStream out) throws IOException {
    if (result instanceof Created created) {
      out.writeByte(0);
      out.writeLong(created.version());
    } else if (result instanceof Replaced replaced) {
      out.writeByte(1);
      out.writeLong(replaced.version());
    } else if (result instanceof Removed) {
      out.writeByte(2);
    } else if (result instanceof Missing) {
      out.writeByte(3);
    } else if (result instanceof PreconditionFailed failed) {
      out.writeByte(4);
      out.writeLong(failed.version().orElse(0)); // No version is 0, for no entry is at index 0.
    } else {
      throw new IOException("No answer to a write: " + result);
    }
  }

  private static Result readResult(DataInputStream in) throws IOException {
    var code = in.readByte();
    return switch (code) {
      case 0 -> new Created(in.readLong());
      case 1 -> new Replaced(in.readLong());
      case 2 -> new Removed();
      case 3 -> new Missing();
      case 4 -> {
        var version = in.readLong();
        yield new PreconditionFailed(
            version == 0 ? OptionalLong.empty() : OptionalLong.of(version));
      }
      default -> throw new IOException("An answer has the unknown code " + code + ".");
    };
  }
}
