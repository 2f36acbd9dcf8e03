package io.pekkoraft.replication;

import io.pekkoraft.log.RaftLog;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.function.Function;

/** When an entry is committed (§5.3, §5.4.2). */
public final class CommitRule {
  private CommitRule() {}

  /**
   * The index through which a leader may commit: a majority has it on disk, and it is of the
   * leader's own term. An entry of an older term is never committed by counting, only by one of the
   * own term after it (Figure 8).
   *
   * @return at least the commit index that the log has already
   */
  public static LogIndex committable(
      RaftLog log, Configuration configuration, Term term, Function<PeerId, LogIndex> matched) {
    var stored = configuration.majorityMatch(matched);
    return stored.isAfter(log.committed()) && log.at(stored).term().equals(term)
        ? stored
        : log.committed();
  }
}
