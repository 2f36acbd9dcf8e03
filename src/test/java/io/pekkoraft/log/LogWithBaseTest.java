package io.pekkoraft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** §7 a log whose beginning is in a snapshot: it stands on 4@2, and holds 5@2, 6@3, 7@3. */
class LogWithBaseTest {
  private static RaftLog log() {
    return new RaftLog(LogPosition.of(2, 4), entries("2 3 3"));
  }

  private static Entry entry(long term) {
    return Entry.command(Term.of(term), Bytes.wrap(new byte[] {(byte) term}));
  }

  private static List<Entry> entries(String terms) {
    return Arrays.stream(terms.split(" "))
        .filter(term -> !term.isEmpty())
        .map(term -> entry(Long.parseLong(term)))
        .toList();
  }

  private static String terms(RaftLog log) {
    return String.join(
        " ",
        LongStream.rangeClosed(log.firstIndex().value(), log.lastIndex().value())
            .mapToObj(i -> log.entry(LogIndex.of(i)).term().toString())
            .toList());
  }

  private static long packed(String terms) {
    return entries(terms).stream().mapToLong(Entry::packedSize).sum();
  }

  @Test
  @DisplayName("it begins after its base, through which all is committed")
  void begins() {
    var log = log();
    assertThat(log.firstIndex()).isEqualTo(LogIndex.of(5));
    assertThat(log.lastIndex()).isEqualTo(LogIndex.of(7));
    assertThat(log.committed()).isEqualTo(LogIndex.of(4));
    assertThat(log.at(LogIndex.of(4))).isEqualTo(LogPosition.of(2, 4));
    assertThat(log.bytes()).isEqualTo(packed("2 3 3"));
    var empty = new RaftLog(LogPosition.of(2, 4), List.of());
    assertThat(empty.last()).isEqualTo(LogPosition.of(2, 4));
    assertThat(empty.append(entry(3))).isEqualTo(LogIndex.of(5));
  }

  @ParameterizedTest(name = "{1}@{0}: {2}")
  @DisplayName("§5.3 before the base it agrees with any leader, at it and after it with its own")
  @CsvSource({
    "0, 0, true",
    "3, 1, true",
    "3, 9, true",
    "4, 2, true",
    "4, 1, false",
    "5, 2, true",
    "5, 3, false",
    "7, 3, true",
    "8, 3, false",
  })
  void holds(long index, long term, boolean holds) {
    assertThat(log().holds(LogPosition.of(term, index))).isEqualTo(holds);
  }

  @ParameterizedTest(name = "after {1}@{0} takes [{2}]: [{3}], first new {4}, cut: {5}")
  @DisplayName("§5.3 of a message that begins before the base, only the rest is looked at")
  @CsvSource({
    "1, 1, '1 1 2 2',       '2 3 3',   6, false",
    "2, 1, '2 2 2 3 3 4',   '2 3 3 4', 8, false",
    "3, 9, '2 2 4',         '2 4',     6, true",
    "4, 2, '2 3 3',         '2 3 3',   8, false",
    "4, 2, '5',             '5',       5, true",
    "1, 1, '',              '2 3 3',   2, false",
    "1, 1, '1',             '2 3 3',   3, false",
    "7, 3, '4 4',           '2 3 3 4 4', 8, false",
  })
  void append(long index, long term, String entries, String after, long first, boolean truncated) {
    var log = log();
    var appended = log.append(LogPosition.of(term, index), Batch.pack(entries(entries)));
    assertThat(terms(log)).isEqualTo(after);
    assertThat(appended.truncated()).isEqualTo(truncated);
    if (!appended.added().isEmpty()) {
      assertThat(appended.first()).isEqualTo(LogIndex.of(first));
    }
    assertThat(log.bytes()).isEqualTo(packed(after));
  }

  @ParameterizedTest(name = "against {1}@{0}: {3}@{2}")
  @DisplayName("§5.3 before the base nothing is known, so anything could match there")
  @CsvSource({
    "9, 3, 7, 3",
    "9, 2, 5, 2",
    "6, 2, 5, 2",
    "9, 1, 3, 1",
    "3, 2, 3, 2",
  })
  void hint(long index, long term, long hintIndex, long hintTerm) {
    assertThat(log().lastThatCouldMatch(LogPosition.of(term, index)))
        .isEqualTo(LogPosition.of(hintTerm, hintIndex));
  }

  @Test
  @DisplayName("what is packed is counted from the base")
  void pack() {
    var log = log();
    var all = log.pack(LogIndex.of(5), LogIndex.of(7), Integer.MAX_VALUE);
    assertThat(all.entries()).isEqualTo(entries("2 3 3"));
    assertThat(log.pack(LogIndex.of(6), LogIndex.of(7), 1).entries()).isEqualTo(entries("3"));
    log.commitThrough(LogIndex.of(5));
    log.discardThrough(LogIndex.of(5));
    assertThat(log.pack(LogIndex.of(6), LogIndex.of(7), Integer.MAX_VALUE).entries())
        .isEqualTo(entries("3 3"));
  }

  @Test
  @DisplayName("§7 it is discarded through an index that is committed, and never the other way")
  void discard() {
    var log = log();
    assertThatThrownBy(() -> log.discardThrough(LogIndex.of(6)))
        .isInstanceOf(IllegalStateException.class);
    log.commitThrough(LogIndex.of(6));
    log.discardThrough(LogIndex.of(6));
    assertThat(log.base()).isEqualTo(LogPosition.of(3, 6));
    assertThat(terms(log)).isEqualTo("3");
    assertThat(log.bytes()).isEqualTo(packed("3"));
    log.discardThrough(LogIndex.of(5));
    assertThat(log.base()).isEqualTo(LogPosition.of(3, 6));
    log.commitThrough(LogIndex.of(7));
    log.discardThrough(LogIndex.of(7));
    assertThat(log.bytes()).isZero();
    assertThat(log.last()).isEqualTo(LogPosition.of(3, 7));
  }

  @ParameterizedTest(name = "a snapshot of {1}@{0}: base {0}, then [{2}]")
  @DisplayName(
      "Figure 13, 6 and 7: what follows a snapshot stays where it agrees, and is gone else")
  @CsvSource({
    "5, 2, '3 3'",
    "6, 3, '3'",
    "7, 3, ''",
    "6, 4, ''",
    "7, 9, ''",
    "12, 9, ''",
  })
  void restart(long index, long term, String after) {
    var log = log();
    var snapshot = LogPosition.of(term, index);
    log.restart(snapshot);
    assertThat(log.base()).isEqualTo(snapshot);
    assertThat(log.committed()).isEqualTo(LogIndex.of(index));
    assertThat(terms(log)).isEqualTo(after);
    assertThat(log.bytes()).isEqualTo(packed(after));
  }
}
