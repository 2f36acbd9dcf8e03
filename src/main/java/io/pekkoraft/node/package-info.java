/**
 * Peers of one group in different actor systems. Each node has a gate, an actor under a fixed path;
 * what a peer says to one that runs elsewhere, and what a client asks of it, goes from gate to gate
 * over Pekko's remoting, as plain tells: no watch, no ask, no reference to a peer.
 *
 * <pre>
 *   peer ─ Directory ─ RaftNode ──tell──▶ gate of the other node ─ Residents ─ peer
 *   client ──────────── Questions ─ Question ──▶ Reception ─ Answers ─ ask ─ peer
 *                           ▲ ─────────── Reply ◀───────────────┘
 *   heartbeats, answers to them ─ Bundles ─ Bundle, one a node ──▶ each as above
 *   Pulse ─ Ping ──▶ Pong: who is alive, since which start
 * </pre>
 *
 * <p>May use: {@code protocol}, {@code serialization}, the types of the front door, Pekko.
 */
package io.pekkoraft.node;
