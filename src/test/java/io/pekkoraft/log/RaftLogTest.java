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

class RaftLogTest {
  private static Entry entry(long term) {
    return Entry.command(Term.of(term), Bytes.wrap(new byte[] {(byte) term}));
  }

  /** A log by its terms: "1 1 2" holds three entries. */
  private static RaftLog log(String terms) {
    return new RaftLog(entries(terms));
  }

  private static List<Entry> entries(String terms) {
    return terms.isBlank()
        ? List.of()
        : Arrays.stream(terms.trim().split(" "))
            .map(Long::valueOf)
            .map(RaftLogTest::entry)
            .toList();
  }

  private static List<Entry> stretch(RaftLog log, long first, int size) {
    return LongStream.range(first, first + size).mapToObj(i -> log.entry(LogIndex.of(i))).toList();
  }

  private static String terms(RaftLog log) {
    return String.join(
        " ",
        LongStream.rangeClosed(1, log.lastIndex().value())
            .mapToObj(i -> log.entry(LogIndex.of(i)).term().toString())
            .toList());
  }

  @ParameterizedTest(name = "[{0}] after {1}@{2} takes [{3}]: [{4}], cut: {5}")
  @DisplayName("Figure 2, AppendEntries 3 and 4")
  @CsvSource({
    "'',        0, 0, '1 1',   '1 1',     false",
    "'1 1',     2, 1, '2',     '1 1 2',   false",
    "'1 1 1',   1, 1, '1',     '1 1 1',   false",
    "'1 1 1',   1, 1, '',      '1 1 1',   false",
    "'1 1 1',   1, 1, '1 1 2', '1 1 1 2', false",
    "'1 2 2',   1, 1, '3',     '1 3',     true",
    "'1 2 2 2', 1, 1, '2 3',   '1 2 3',   true",
    "'1 1 3',   0, 0, '1 2 2', '1 2 2',   true",
  })
  void append(
      String before, long index, long term, String entries, String after, boolean truncated) {
    var log = log(before);
    var batch = Batch.pack(entries(entries));
    var appended = log.append(LogPosition.of(term, index), batch);
    assertThat(terms(log)).isEqualTo(after);
    assertThat(appended.truncated()).isEqualTo(truncated);
    var first = appended.first().value();
    assertThat(appended.added().entries()).isEqualTo(stretch(log, first, appended.added().size()));
  }

  @Test
  @DisplayName("a batch that is new as a whole keeps the bytes that came")
  void keepsTheBytes() {
    var batch = Batch.pack(entries("2 2"));
    assertThat(log("1").append(LogPosition.of(1, 1), batch).added()).isSameAs(batch);
  }

  @Test
  @DisplayName("trap 15: nothing at or below the commit index is ever cut")
  void keepsWhatIsCommitted() {
    var log = log("1 1 2");
    log.commitThrough(LogIndex.of(2));
    var conflict = Batch.pack(entries("3"));
    assertThatThrownBy(() -> log.append(LogPosition.of(1, 1), conflict))
        .isInstanceOf(IllegalStateException.class);
    assertThat(terms(log)).isEqualTo("1 1 2");
    log.append(LogPosition.of(1, 2), conflict);
    assertThat(terms(log)).isEqualTo("1 1 3");
  }

  @ParameterizedTest(name = "[{0}] holds {1}@{2}: {3}")
  @DisplayName("§5.3 the consistency check")
  @CsvSource({
    "'',    0, 0, true",
    "'1 2', 0, 0, true",
    "'1 2', 2, 2, true",
    "'1 2', 2, 1, false",
    "'1 2', 3, 2, false",
    "'1 2', 0, 1, false",
  })
  void holds(String terms, long index, long term, boolean holds) {
    assertThat(log(terms).holds(LogPosition.of(term, index))).isEqualTo(holds);
  }

  @ParameterizedTest(name = "[{0}] against {1}@{2}: {3}@{4}")
  @DisplayName("§5.3 the hint skips every term that the other log can't have before that position")
  @CsvSource({
    "'',            5, 3, 0, 0",
    "'1 1',         5, 3, 2, 1",
    "'1 1 4 4 4',   5, 3, 2, 1",
    "'4 4 4',       3, 3, 0, 0",
    "'1 2 3 4 5',   4, 3, 3, 3",
    "'1 1 1 1',     2, 1, 2, 1",
  })
  void hint(String terms, long index, long term, long hintIndex, long hintTerm) {
    assertThat(log(terms).lastThatCouldMatch(LogPosition.of(term, index)))
        .isEqualTo(LogPosition.of(hintTerm, hintIndex));
  }

  @Test
  @DisplayName("the commit index never goes back and never passes the end")
  void commitIndex() {
    var log = log("1 1");
    assertThat(log.commitThrough(LogIndex.of(2))).isTrue();
    assertThat(log.commitThrough(LogIndex.of(1))).isFalse();
    assertThat(log.committed()).isEqualTo(LogIndex.of(2));
    assertThatThrownBy(() -> log.commitThrough(LogIndex.of(3)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a leader's entries are never of an older term than what they follow")
  void leaderAppend() {
    var log = log("1 2");
    assertThat(log.append(entry(2))).isEqualTo(LogIndex.of(3));
    assertThatThrownBy(() -> log.append(entry(1))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("packs what fits, one at least, the same stretch once, and anew after a cut")
  void pack() {
    var log = log("1 1 2");
    var one = entry(1).packedSize();
    var all = log.pack(LogIndex.of(1), LogIndex.of(3), 3 * one);
    assertThat(all.entries()).isEqualTo(entries("1 1 2"));
    assertThat(log.pack(LogIndex.of(1), LogIndex.of(3), 3 * one)).isSameAs(all);
    assertThat(log.pack(LogIndex.of(1), LogIndex.of(3), 3 * one - 1).size()).isEqualTo(2);
    assertThat(log.pack(LogIndex.of(2), LogIndex.of(3), 1).size()).isEqualTo(1);
    assertThat(log.pack(LogIndex.of(1), LogIndex.of(2), 3 * one).size()).isEqualTo(2);
    log.pack(LogIndex.of(1), LogIndex.of(3), 3 * one);
    log.append(LogPosition.of(1, 2), Batch.pack(entries("5")));
    assertThat(log.pack(LogIndex.of(1), LogIndex.of(3), 3 * one).entries())
        .isEqualTo(entries("1 1 5"));
  }
}
