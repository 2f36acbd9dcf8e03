/**
 * The front door. A {@link io.pekkoraft.StateMachine} says what is replicated; {@link
 * io.pekkoraft.Raft} makes a peer of it, {@link io.pekkoraft.RaftGroup} spawns a whole group and
 * finds its leader. Only this package makes peers and their stores; the rooms behind it may use its
 * settings, status, errors and state-machine types, and nothing else of it.
 *
 * <pre>
 *   RaftGroup ──▶ leader's Raft peer ──▶ log ──▶ majority's journals ──▶ StateMachine ──▶ reply
 * </pre>
 */
package io.pekkoraft;
