package io.pekkoraft.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.log.RaftLog;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitRuleTest {
  @ParameterizedTest(name = "terms [{0}], committed {1}, term {2}, stored [{3}]: {4}")
  @DisplayName("§5.4.2 a majority, and the own term")
  @CsvSource({
    "'1 1',     0, 1, '2 1 0', 1",
    "'1 1',     0, 1, '2 2 0', 2",
    "'1 2',     0, 4, '2 2 2', 0",
    "'1 2 4',   0, 4, '3 2 2', 0",
    "'1 2 4',   0, 4, '3 3 0', 3",
    "'1 2 4',   3, 4, '3 0 0', 3",
    "'1 1 1',   2, 1, '1 1 1', 2",
  })
  void committable(String terms, long committed, long term, String stored, long expected) {
    var entries =
        Arrays.stream(terms.split(" ")).map(t -> Entry.noOp(Term.of(Long.parseLong(t)))).toList();
    var log = new RaftLog(entries);
    log.commitThrough(LogIndex.of(committed));
    var matched = Arrays.stream(stored.split(" ")).map(Long::valueOf).toList();
    var peers = PeerId.setOf("p1", "p2", "p3");
    assertThat(
            CommitRule.committable(
                log,
                Configuration.of(peers),
                Term.of(term),
                peer -> LogIndex.of(matched.get(List.copyOf(peers).indexOf(peer)))))
        .isEqualTo(LogIndex.of(expected));
  }
}
