/**
 * Snapshots (§7, thesis §5): when to take one, how one goes from a leader to a follower, and the
 * seam to where they are kept, which the simulator replaces. Rules only: files are {@code file}'s.
 *
 * <pre>
 *   leader                                        follower
 *   SnapshotSender ── a question ───────────────▶ SnapshotReceiver ── open ──▶ SnapshotStore
 *        │         ◀── accepted, written ────────      │                          .Receiving
 *     slices                                           │
 *        ▼                                             │
 *   SnapshotStore  ── chunks, a window at most ──▶     ├── write ────────────▶      append
 *     .Reading     ◀── accepted, written ────────      │
 *                  ◀── installed ────────────────      └── when complete ────▶      commit
 * </pre>
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.snapshot;
