/**
 * What a leader knows of each follower, when it may send it more, and what is committed (§5.3,
 * §5.4.2).
 *
 * <pre>
 *              accepted
 *     PROBE ─────────────▶ REPLICATE      PROBE: one message, then wait for the answer or
 *       ▲                      │                 the next heartbeat
 *       └──────────────────────┘          REPLICATE: as many as the window holds
 *              rejected
 *
 *     SNAPSHOT: from either, when the next entry is discarded; to PROBE when it is installed
 * </pre>
 *
 * <p>May use: {@code model}, {@code log}, {@code membership}.
 */
package io.pekkoraft.replication;
