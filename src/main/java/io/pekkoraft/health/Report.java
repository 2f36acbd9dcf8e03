package io.pekkoraft.health;

import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftStatus;
import java.util.List;
import java.util.Optional;

/**
 * How a node is.
 *
 * @param good whether it is as it should be
 * @param peers how many run there
 * @param why it is not, a sentence for each peer that has something in its way; {@link #MOST} at
 *     most
 */
public record Report(boolean good, int peers, List<String> why) {
  /** So many sentences tell enough. */
  public static final int MOST = 20;

  public Report {
    why = List.copyOf(why);
  }

  /** Ready: there are peers, and each has read its journal and knows who leads. */
  static Report ofReadiness(List<LocalPeers.Answer> answers) {
    return answers.isEmpty()
        ? new Report(false, 0, List.of("No peer runs here."))
        : of(answers, answers.stream().flatMap(answer -> unready(answer).stream()).toList());
  }

  /**
   * Alive: each peer takes messages. What it waits for may be elsewhere, so a restart is no cure.
   */
  static Report ofLiveness(List<LocalPeers.Answer> answers) {
    return of(
        answers,
        answers.stream()
            .filter(answer -> answer.status().isEmpty())
            .map(answer -> name(answer) + " does not answer.")
            .toList());
  }

  private static Report of(List<LocalPeers.Answer> answers, List<String> why) {
    return new Report(why.isEmpty(), answers.size(), why.stream().limit(MOST).toList());
  }

  private static Optional<String> unready(LocalPeers.Answer answer) {
    return answer
        .status()
        .map(status -> unready(status).map(reason -> name(answer) + " " + reason))
        .orElseGet(() -> Optional.of(name(answer) + " does not answer."));
  }

  private static Optional<String> unready(RaftStatus status) {
    if (status.role() == RaftStatus.Role.RECOVERING) {
      return Optional.of("reads its journal.");
    }
    if (status.disowned()) {
      return Optional.of("has lost its disk, and waits to be removed and added anew.");
    }
    if (!status.isMember()) {
      return Optional.of("does not belong to the group, and waits to be added.");
    }
    return status.leader().isEmpty() ? Optional.of("knows no leader.") : Optional.empty();
  }

  private static String name(LocalPeers.Answer answer) {
    return answer.group() + "/" + answer.peer();
  }
}
