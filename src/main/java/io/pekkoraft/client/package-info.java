/**
 * A client that takes no for an answer only when it must: it finds the leader, asks again, and
 * still lets each command take effect once, by a session (thesis §6.2, §6.3). An actor of its own,
 * without a lock; the way to the peers is a seam, so that a simulation can stand in between.
 *
 * <pre>
 *   ClientRequest ──▶ SessionClient ──▶ waiting ──Numbering──▶ Errand ──LeaderGuess──▶ a peer
 *                          ▲                                     │ ▲                     │
 *      StatusReply ◀───────┴──── result, or what became of it ◀──┘ └── elsewhere, later ◀┘
 * </pre>
 *
 * <p>May use: {@code model}, {@code session}'s names and numbers, {@code protocol}, the public
 * types of {@code io.pekkoraft}, Pekko's actors and timers.
 */
package io.pekkoraft.client;
