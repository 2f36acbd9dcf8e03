package io.pekkoraft;

import io.pekkoraft.RaftEvent.ProposalsRefused;

/** Passes everything on to {@code metrics}, and tells {@code tap} what a leader has applied. */
record TappedMetrics(RaftMetrics metrics, Tap tap) implements RaftMetrics {
  /** Hears of each batch. */
  interface Tap {
    void applied(int entries, long nanos);
  }

  @Override
  public void taken(int bytes) {
    metrics.taken(bytes);
  }

  @Override
  public void refused(ProposalsRefused.Reason reason) {
    metrics.refused(reason);
  }

  @Override
  public void applied(int entries, long nanos) {
    tap.applied(entries, nanos);
    metrics.applied(entries, nanos);
  }

  @Override
  public void appended(int entries, int bytes) {
    metrics.appended(entries, bytes);
  }

  @Override
  public void written(long nanos) {
    metrics.written(nanos);
  }

  @Override
  public void read(ReadConsistency consistency) {
    metrics.read(consistency);
  }

  @Override
  public void stands() {
    metrics.stands();
  }

  @Override
  public void elected(long nanos) {
    metrics.elected(nanos);
  }
}
