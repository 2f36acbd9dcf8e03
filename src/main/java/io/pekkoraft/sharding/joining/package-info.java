/**
 * How a node comes into the cluster, and back into it, while others are away.
 *
 * <pre>
 *   n2, anew ── knocks ──▶ n1 ── its last life is Down ── but nobody is let out or in ──┐
 *                          ▲                              while n3 can't be reached     │
 *                          │                                                            ▼
 *                          └── n3 is Down ◀── Doorkeeper ◀── Patience: for too long, and we are most
 * </pre>
 *
 * <p>Pekko changes who belongs to the cluster when all members agree, and who can't be reached does
 * not. Peers need the cluster to begin, so one node that is lost would keep each other one out that
 * stops. Nothing that a peer promises rests on it: a wrong decision here ends a node that has to be
 * started anew, and never forks a state.
 *
 * <p>May use: {@code pekko.cluster}.
 */
package io.pekkoraft.sharding.joining;
