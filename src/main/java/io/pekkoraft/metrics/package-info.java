/**
 * Micrometer's meters, and Prometheus's view of them: the only room that knows Micrometer, which is
 * an optional dependency. {@link io.pekkoraft.metrics.RaftMeter} lists every meter.
 *
 * <pre>
 *   peer ────▶ RaftMetrics ─────┐
 *   journal ─▶ JournalMetrics ──┼──▶ MeterRegistry ──▶ /metrics
 *   events, LocalPeers ─▶ Watch ┘
 * </pre>
 *
 * <p>May use: the front door's types, the journal's seam, and Micrometer. What counts a command
 * must not wait for anybody.
 */
package io.pekkoraft.metrics;
