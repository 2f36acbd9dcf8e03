/**
 * A whole cluster under one seed: the production peers and their stores, on an unreliable network,
 * with unreliable disks and crashes, in virtual time, on one thread. The same seed is the same run,
 * to the byte.
 *
 * <pre>
 *             Story (the test)                 what the seed decides:
 *                  │
 *   ┌──────────────▼─────────────┐             which mailbox runs next,
 *   │ World: run queue, clock    │◀── events   what the network does to a message,
 *   └──┬──────────┬───────────┬──┘             how long a disk takes, what a crash leaves,
 *    Node p1    Node p2     Node p3            when which fault strikes
 *   (an actor system an incarnation)
 *      │          │           │
 *   Network, Disk ──▶ Trace, Oracles
 * </pre>
 *
 * <p>Pekko's internals and the tricks that keep the JDK on one thread are in {@code Determinism},
 * {@code NodeExecutor} and {@code VirtualScheduler}, and nowhere else.
 */
package io.pekkoraft.testkit;
