/**
 * On which node each peer of replicated entities runs: the one whose disk holds its journal. Pekko
 * Cluster Sharding starts it there, and nowhere else.
 *
 * <pre>
 *   node ── its Claim to its disk ──▶ Board ──▶ PlacementRegistry of every node
 *                                       ▲         │ Tenure, Settling: is the disk ours? are all there?
 *                                       └─────────┤ a Placement, on every disk
 *                                                 ▼
 *   region of role replica-i ◀── start what is ours ── KnownPlacement ◀── where is r2 of group 17?
 *        │                                               ▲
 *        └─ shard coordinator ─ PinnedAllocation ────────┘ its node is away: nowhere
 *        ▼
 *   PeerHost, a sharded entity: the peer
 * </pre>
 *
 * <p>A journal can't be told from a lost one by looking at an empty disk. So which disk holds what
 * is settled once, when all nodes are there, and kept on each of them; a disk that is not named
 * gets no peer. And a disk can be copied: it belongs to one node as long as that is a member of the
 * cluster, seen or not. A shard has one home for life, rebalancing moves nothing, and the way of a
 * command never leads by the coordinator.
 *
 * <p>May use: {@code pekko.cluster}, files, the front door.
 */
package io.pekkoraft.sharding.placement;
