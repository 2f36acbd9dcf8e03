package io.pekkoraft.http;

/** Ends a request with a problem; the {@link ProblemBoundary} makes the response of it. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // An answer and not a crash: a stack trace would tell nothing.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
