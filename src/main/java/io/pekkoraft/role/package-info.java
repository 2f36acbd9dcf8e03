/**
 * The four parts that a peer plays, one class each, reading like the paper's paragraphs on them
 * (§5.1 to §5.4, Figure 2; pre-vote: thesis §9.6). A handler returns the role that takes the next
 * message; {@link io.pekkoraft.role.Transitions} alone makes roles.
 *
 * <pre>
 *                 time-out                majority          majority
 *   Follower ──────────────▶ PreCandidate ────────▶ Candidate ─────▶ Leader
 *      ▲                      ▲  │ ▲ time-out         │ │              │
 *      │                      │  └─┘                  │ │              │
 *      │                      └───────────────────────┘ │              │
 *      └──── newer term, or the leader of this one ─────┴──────────────┘
 *
 *   Leader ────▶ Follower      in its own term, when no majority answers (thesis §6.2)
 *   Follower ──▶ Candidate     when its leader wants it to take over (thesis §3.10)
 * </pre>
 *
 * <p>May use: every room but {@code journal}, {@code serialization} and the edge. Roles touch the
 * outside only through the collaborators that {@link io.pekkoraft.role.Peer} holds.
 */
package io.pekkoraft.role;
