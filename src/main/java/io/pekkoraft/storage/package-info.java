/**
 * What must survive a crash: term, vote and log (Figure 2, persistent state), event-sourced by a
 * child of the peer. The peer changes its memory at once, stages what must survive, and goes on
 * hearing messages; what it stages during a write is the next batch.
 *
 * <pre>
 *   peer ──stage──▶ StagedEvents ──Write(n)──▶ RaftStore ──persist──▶ journal
 *     ▲                                            │
 *     └────────────────── Stored(n) ◀──────────────┘
 * </pre>
 *
 * <p>May use: {@code model}, {@code membership}, {@code protocol}, Pekko Persistence; the only
 * room, beside {@code journal}, that does.
 */
package io.pekkoraft.storage;
