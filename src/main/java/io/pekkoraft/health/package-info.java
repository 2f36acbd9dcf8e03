/**
 * Whether a node is ready to be asked, and whether it is alive: as a report for people, and as the
 * checks that Pekko Management calls ({@code pekko.management.health-checks}).
 *
 * <pre>
 *   kubelet ─▶ /health/ready ─▶ Health ─▶ LocalPeers ─▶ each peer of this actor system
 * </pre>
 *
 * <p>May use: the front door's types. Knows neither HTTP nor Pekko Management.
 */
package io.pekkoraft.health;
